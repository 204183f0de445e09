/* What the pages do better with a script; without it everything still works.
   Autosave and kept text, guarded leaving, focus after a swap, ticks of a table, menus, print, no double send. */
(function () {
  'use strict';

  var words = JSON.parse((document.querySelector('meta[name="k-words"]') || { content: '{}' }).content);
  var WAIT = 1500, HOLD = 2000, RETRY = 20, KEEP_DAYS = 7, PREFIX = 'kinerja:', leaving = false;

  function say(key, values) {
    return (words[key] || '').replace(/\{(\w+)\}/g, function (_, name) { return values && name in values ? values[name] : ''; });
  }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function el(name, attrs, children) {
    var node = document.createElement(name);
    Object.keys(attrs || {}).forEach(function (key) { node.setAttribute(key, attrs[key]); });
    (children || []).forEach(function (child) { node.append(child); });
    return node;
  }
  function icon(name) {
    var ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg'), use = document.createElementNS(ns, 'use');
    svg.setAttribute('class', 'k-i'); svg.setAttribute('aria-hidden', 'true'); svg.setAttribute('focusable', 'false');
    use.setAttribute('href', words.sprite + '#' + name); svg.append(use);
    return svg;
  }
  function clock() { var d = new Date(); return ('0' + d.getHours()).slice(-2) + '.' + ('0' + d.getMinutes()).slice(-2); }
  function tell(text, tone) {
    var live = document.getElementById('k-live');
    if (!live) { return; }
    live.replaceChildren(el('div', { 'class': 'k-note k-note--' + (tone || 'warn') }, [icon('exclamation-triangle'), el('div', {}, [el('p', {}, [text])])]));
  }

  /* ---------- typed text, kept on this device until it is stored ---------- */

  function keptKey(form) { return PREFIX + new URL(form.dataset.autosave || form.getAttribute('action') || '', location.href).pathname + ':' + (document.body.dataset.me || ''); }
  function typed(form) {
    return Array.prototype.filter.call(form.elements, function (e) {
      return e.name && !e.disabled && !e.readOnly && ['hidden', 'password', 'file', 'submit', 'button', 'fieldset'].indexOf(e.type) < 0;
    });
  }
  function snapshot(form) {
    return typed(form).map(function (e) { return [e.name, e.type === 'checkbox' || e.type === 'radio' ? e.value : '', e.type === 'checkbox' || e.type === 'radio' ? e.checked : e.value]; });
  }
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (e) { return null; } }
  function write(key, entry) { try { localStorage.setItem(key, JSON.stringify(entry)); } catch (e) { /* full or forbidden: the page still holds the text */ } }
  function forget(key) { try { localStorage.removeItem(key); } catch (e) { /* nothing to forget */ } }
  function keptKeys() { try { return Object.keys(localStorage).filter(function (k) { return k.indexOf(PREFIX) === 0; }); } catch (e) { return []; } }
  function keep(form) {
    if (form.dataset.keep === 'no') { return; }
    write(keptKey(form), { at: Date.now(), time: clock(), version: versionOf(form), values: snapshot(form) });
  }
  function versionOf(form) { var field = form.elements.namedItem('version'); return field ? field.value : ''; }

  function offer(form) {
    var key = keptKey(form), entry = read(key);
    if (!entry || !entry.values) { return; }
    if (Date.now() - entry.at > KEEP_DAYS * 864e5) { forget(key); return; }
    var missing = [], pending = entry.values.filter(function (kept) {
      var field = find(form, kept);
      if (!field) { if (typeof kept[2] === 'string' && kept[2].trim()) { missing.push(kept[2]); return true; } return false; }
      return (typeof kept[2] === 'boolean' ? field.checked : field.value) !== kept[2];
    });
    // Sent, and arrived: the version moved on, or the page says so, or there is no version and nothing is wrong.
    var arrived = entry.sent && (entry.version !== versionOf(form) || document.querySelector('.k-flash .k-note--ok') || (!entry.version && !document.querySelector('.k-errsum')));
    if (!pending.length || arrived) { forget(key); return; }
    var yes = el('button', { type: 'button', 'class': 'btn btn-secondary btn-sm' }, [say('restore')]);
    var no = el('button', { type: 'button', 'class': 'btn btn-quiet btn-sm' }, [say('discard')]);
    var body = el('div', {}, [el('p', {}, [el('b', {}, [say('keptTitle', { time: entry.time })])]), el('div', { 'class': 'k-btns' }, [yes, no])]);
    var note = el('div', { 'class': 'k-note k-note--warn', role: 'status' }, [icon('exclamation-triangle'), body]);
    yes.addEventListener('click', function () {
      entry.values.forEach(function (kept) {
        var field = find(form, kept);
        if (!field) { return; }
        if (typeof kept[2] === 'boolean') { field.checked = kept[2]; } else { field.value = kept[2]; }
      });
      if (missing.length) {
        var id = 'k-sisa', area = el('textarea', { 'class': 'form-control', rows: '3', readonly: '', id: id });
        area.value = missing.join('\n\n');
        body.replaceChildren(el('label', { 'for': id, 'class': 'form-label' }, [say('leftover')]), area);
      } else { note.remove(); }
      touched(form);
      var first = find(form, pending[0]);
      if (first) { first.focus(); }
    });
    no.addEventListener('click', function () { forget(key); note.remove(); });
    form.before(note);
  }
  function find(form, kept) {
    return typed(form).find(function (e) { return e.name === kept[0] && (typeof kept[2] !== 'boolean' || e.value === kept[1]); });
  }

  /* ---------- autosave ---------- */

  var saves = new WeakMap();
  function state(form) { if (!saves.has(form)) { saves.set(form, { dirty: false, loose: false, wrong: false, timer: 0, busy: false, again: false, stopped: false, key: '' }); } return saves.get(form); }
  function mark(form, text, tone, extra) {
    var marks = all('[data-saved]', form).concat(form.id ? all('[data-saved-for="' + form.id + '"] [data-saved]') : []);
    (marks.length ? marks : all('[data-saved]')).forEach(function (m, i) {
      m.classList.remove('is-empty', 'is-wait', 'is-warn', 'is-bad');
      if (tone) { m.classList.add('is-' + tone); }
      var line = m.querySelector('[data-saved-text]') || m;
      line.replaceChildren(text);
      if (extra && i === 0) { line.append(' ', extra); }
    });
  }
  function touched(form) {
    var s = state(form);
    s.dirty = true; s.key = '';
    keep(form);
    if (!form.dataset.autosave || s.stopped) { return; }
    clearTimeout(s.timer);
    s.timer = setTimeout(function () { save(form); }, WAIT);
    if (!s.busy) { mark(form, say('dirty'), 'wait'); }
  }
  function bodyOf(form) {
    var data = new URLSearchParams(), s = state(form);
    new FormData(form).forEach(function (value, name) { if (typeof value === 'string' && name !== 'key') { data.append(name, value); } });
    // The same text sent again after a lost answer is the same act: one key per text.
    s.key = s.key || (self.crypto && crypto.randomUUID ? crypto.randomUUID() : Date.now() + '-' + Math.random());
    data.append('key', s.key);
    return data;
  }
  /* An answer that comes while somebody presses waits for the release: a page that moves under the finger swallows the press. */
  var press = null;
  function released() { if (press) { clearTimeout(press.timer); press.done(); press = null; } }
  function letGo() { setTimeout(released); }
  document.addEventListener('pointerdown', function () {
    released();
    var now = press = {};
    now.over = new Promise(function (done) { now.done = done; });
    now.timer = setTimeout(released, HOLD);
  }, true);
  addEventListener('pointerup', letGo, true);
  addEventListener('pointercancel', letGo, true);
  function calm() { return press ? press.over : Promise.resolve(); }

  function save(form) {
    var s = state(form);
    clearTimeout(s.timer);
    if (s.busy) { s.again = s.dirty; return s.promise; }
    if (!s.dirty || s.stopped || leaving) { return Promise.resolve(); }
    s.busy = true; s.dirty = false;
    calm().then(function () { if (s.busy) { mark(form, say('saving'), 'wait'); } });
    var token = form.elements.namedItem('csrf_token');
    s.promise = fetch(form.dataset.autosave, {
      method: 'POST', body: bodyOf(form), credentials: 'same-origin', keepalive: document.visibilityState === 'hidden', redirect: 'manual',
      headers: { 'X-Autosave': '1', 'Accept': 'application/json', 'X-CSRFToken': token ? token.value : '' }
    }).then(function (answer) {
      var json = (answer.headers.get('content-type') || '').indexOf('json') >= 0;
      // The whole answer first: whoever presses while it still arrives is waited for too.
      return Promise.resolve(json ? answer.json() : {}).then(function (told) { return calm().then(function () { settle(form, answer, told); }); });
    }).catch(function () { return calm().then(function () { lost(form); }); }).then(function () {
      s.busy = false;
      if (s.again) { s.again = false; return save(form); }
    });
    return s.promise;
  }
  /* What is wrong stands at its field, and goes when it is mended. */
  function control(form, name) {
    var found = form.elements.namedItem(name);
    return found && found.length && !found.options ? found[0] : found;
  }
  function holder(node) { return node.type === 'radio' || node.type === 'checkbox' && node.closest('fieldset.k-field') ? node.closest('fieldset') : node; }
  function mended(form) {
    all('.k-field__error', form).forEach(function (line) {
      all('[aria-describedby~="' + line.id + '"]', form).forEach(function (node) {
        var rest = node.getAttribute('aria-describedby').split(/\s+/).filter(function (id) { return id !== line.id; }).join(' ');
        if (rest) { node.setAttribute('aria-describedby', rest); } else { node.removeAttribute('aria-describedby'); }
      });
      line.remove();
    });
    all('[aria-invalid]', form).forEach(function (node) { node.removeAttribute('aria-invalid'); });
    all('.k-field--error', form).forEach(function (node) { node.classList.remove('k-field--error'); });
    all('.k-errsum').forEach(function (sum) {
      all('a[href^="#"]', sum).forEach(function (link) { var goal = document.getElementById(link.hash.slice(1)); if (!goal || goal.form === form) { link.closest('li').remove(); } });
      if (!sum.querySelector('li')) { sum.remove(); }
    });
  }
  function faulty(form, errors, saved) {
    var first = null, others = [], told = {};
    mended(form);
    errors.forEach(function (error) {
      var node = error.field ? control(form, error.field) : null, box = node && node.closest('.k-field');
      if (!box) { others.push(error.text); return; }
      var at = holder(node), id = error.field + '-g', line = document.getElementById(id);
      if (line) { line.lastChild.append(' ' + error.text); return; }
      told[error.field] = true; first = first || node;
      box.classList.add('k-field--error');
      at.setAttribute('aria-invalid', 'true');
      at.setAttribute('aria-describedby', ((at.getAttribute('aria-describedby') || '') + ' ' + id).trim());
      box.append(el('p', { 'class': 'k-field__error', id: id }, [icon('exclamation-circle'), el('span', {}, [error.text])]));
      var shut = box.closest('details:not([open])');
      if (shut) { shut.open = true; }
    });
    var n = Object.keys(told).length, text = !n ? say('refused') : saved ? say('savedBut', { time: saved, n: n }) : say('wrong', { n: n });
    mark(form, [text].concat(others).join(' '), 'bad', first && el('a', { href: '#' + first.id }, [say('wrongOpen')]));
  }
  /* What the page says about what is stored is drawn again, under the hands of nobody. */
  function redraw(html) {
    var fresh = new DOMParser().parseFromString(html, 'text/html');
    all('[data-live]').forEach(function (old) {
      var now = fresh.getElementById(old.id), open = all('details', old).map(function (d) { return d.open; });
      if (now) { all('details', now).forEach(function (d, i) { d.open = !!open[i]; }); }
      if ((now && old.isEqualNode(now)) || old.contains(document.activeElement)) { return; }
      old.replaceChildren.apply(old, now ? Array.prototype.slice.call(document.importNode(now, true).childNodes) : []);
    });
  }
  function settle(form, answer, told) {
    var s = state(form);
    if (answer.ok && told.saved !== undefined) {
      version(form, told.version);
      var base = form.elements.namedItem('base');
      if (base && told.base) { base.value = told.base; }
      // What does not fit was left out: it is on the page alone, and is sent again when it is mended.
      s.wrong = !!(told.errors && told.errors.length);
      if (!s.dirty && !s.loose && !s.wrong) { forget(keptKey(form)); }
      if (!s.dirty) { s.key = ''; }
      if (s.wrong) { faulty(form, told.errors, told.saved); } else { mark(form, say('saved', { time: told.saved })); mended(form); }
      if (told.live) { redraw(told.live); }
    } else if (answer.status === 409) {
      s.dirty = true; s.stopped = true;
      var open = el('button', { type: 'submit', 'class': 'k-linkbtn' }, [say('conflictOpen')]);
      if (form.id) { open.setAttribute('form', form.id); }
      if (told.conflict_url) { open.setAttribute('formaction', told.conflict_url); }
      mark(form, told.own ? say('conflictOwn') : say('conflict'), 'warn', open);
    } else if (answer.status === 401 || answer.type === 'opaqueredirect') {
      s.dirty = true; s.stopped = true;
      mark(form, say('expired'), 'bad', el('a', { href: told.sign_in_url || words.signIn + '?next=' + encodeURIComponent(location.pathname + location.search), 'data-leave': '' }, [say('signInAgain')]));
    } else if (told.errors && told.errors.length) {
      s.dirty = true;
      faulty(form, told.errors);
    } else {
      s.dirty = true;
      mark(form, told.message || say('refused'), 'bad');
    }
  }
  function lost(form) {
    var s = state(form), again = el('button', { type: 'button', 'class': 'k-linkbtn' }, [say('retry')]);
    s.dirty = true;
    again.addEventListener('click', function () { save(form); });
    mark(form, say('offline', { seconds: RETRY }), 'warn', again);
    clearTimeout(s.timer);
    s.timer = setTimeout(function () { save(form); }, RETRY * 1000);
  }
  function version(form, value) {
    var own = form.elements.namedItem('version');
    if (!own || value === undefined) { return; }
    own.value = value;
    if (own.dataset.doc) { all('input[name="version"][data-doc]').forEach(function (f) { if (f.dataset.doc === own.dataset.doc) { f.value = value; } }); }
  }
  function watched(target) { return target && target.form && target.form.matches('form[data-autosave], form[data-keep]') ? target.form : null; }

  var lastHeard = new WeakMap();
  function heard(e) {
    var f = watched(e.target), t = e.target;
    if (!f) { return; }
    // Whoever leaves a field changes it once more for the browser; what was heard letter by letter is no news.
    if (t.matches('textarea, input:not([type="checkbox"], [type="radio"], [type="file"])')) {
      if (e.type === 'change' && lastHeard.get(t) === t.value) { return; }
      lastHeard.set(t, t.value);
    }
    // A file, or an address that is fetched, goes with the button alone: until then nothing else may forget it.
    if (e.target.matches('[data-by-button]')) { state(f).loose = !!e.target.value; }
    touched(f);
  }
  document.addEventListener('input', heard);
  document.addEventListener('change', heard);
  document.addEventListener('focusout', function (e) { var f = watched(e.target); if (f && f.dataset.autosave && state(f).dirty) { save(f); } });
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState === 'hidden') { all('form[data-autosave]').forEach(save); }
  });
  addEventListener('online', function () { all('form[data-autosave]').forEach(save); });
  addEventListener('beforeunload', function (e) {
    if (!leaving && all('form[data-autosave], form[data-keep]').some(function (f) { var s = state(f); return s.dirty || s.busy || s.loose || s.wrong; })) { e.preventDefault(); e.returnValue = ''; }
  });

  /* ---------- sending: once, and marked as sent ---------- */

  function unsaved(form) {
    var own = form.querySelector('input[name="version"]'), doc = own && own.dataset.doc;
    return all('form[data-autosave]').filter(function (f) {
      var s = state(f), theirs = f.querySelector('input[name="version"]');
      if (f === form) { return s.busy; }
      return doc && theirs && theirs.dataset.doc === doc && (s.busy || (s.dirty && !s.stopped));
    });
  }
  function rest(form) {
    delete form.dataset.busy;
    all('.is-busy').forEach(function (b) { b.classList.remove('is-busy'); b.removeAttribute('aria-busy'); });
  }
  document.addEventListener('submit', function (e) {
    var form = e.target, s = state(form), button = e.submitter;
    if ((form.getAttribute('method') || '').toLowerCase() !== 'post') { return; }
    if (form.dataset.busy) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    form.dataset.busy = '1';
    if (button) { button.classList.add('is-busy'); button.setAttribute('aria-busy', 'true'); }
    var open = unsaved(form);
    if (open.length) {
      // What is still on its way goes first: else one's own autosave would make this version stale.
      e.preventDefault(); e.stopImmediatePropagation();
      Promise.all(open.map(save)).then(function () {
        rest(form);
        if (!open.some(function (f) { return f !== form && state(f).dirty; })) { form.requestSubmit(button || undefined); }
      });
      return;
    }
    clearTimeout(s.timer);
    // A download or a lost answer leaves the page where it is: the form must not stay shut.
    setTimeout(function () { rest(form); leaving = false; }, 8000);
    if (form.matches('[data-sign-out]')) { keptKeys().forEach(forget); }
    if (form.matches('[data-autosave], [data-keep]')) {
      var entry = read(keptKey(form));
      if (entry) { entry.sent = true; write(keptKey(form), entry); }
    }
    if (!form.closest('[hx-post], [hx-put], [hx-boost="true"]')) { leaving = true; }
  }, true);
  document.addEventListener('click', function (e) { if (e.target.closest('[data-leave]')) { leaving = true; } });
  addEventListener('pageshow', function () { leaving = false; all('form[data-busy]').forEach(rest); });

  /* ---------- htmx: focus after a swap, failures in words ---------- */

  document.addEventListener('htmx:afterRequest', function (e) {
    var form = e.target.closest ? e.target.closest('form') : null;
    if (!form) { return; }
    rest(form);
    if (e.detail.successful) { state(form).dirty = state(form).loose = state(form).wrong = false; forget(keptKey(form)); }
  });
  document.addEventListener('htmx:afterSettle', function (e) {
    var root = e.detail.elt, goal = root.matches('[data-focus]') ? root : root.querySelector('[data-focus]') || root.querySelector('.k-errsum');
    dress(root);
    if (goal) { if (!goal.hasAttribute('tabindex')) { goal.setAttribute('tabindex', '-1'); } goal.focus(); }
  });
  document.addEventListener('htmx:responseError', function (e) { tell(say('failed', { code: e.detail.xhr.status }), 'bad'); });
  document.addEventListener('htmx:sendError', function () { tell(say('unreachable'), 'warn'); });

  /* ---------- ticks of a table ---------- */

  function count(form) {
    var ticks = all('[data-pick]', form), n = ticks.filter(function (t) { return t.checked; }).length;
    ticks.forEach(function (t) { var row = t.closest('tr'); if (row) { row.classList.toggle('is-selected', t.checked); } });
    all('[data-pick-all]', form).forEach(function (a) { a.checked = n > 0 && n === ticks.length; a.indeterminate = n > 0 && n < ticks.length; });
    all('[data-pick-count], [data-pick-text]', form).forEach(function (c) {
      var pattern = c.dataset.pickText || c.dataset.text || '{n}', mark = c.querySelector('.k-i');
      c.replaceChildren(pattern.replace('{n}', n));
      if (mark) { c.prepend(mark); }
    });
  }
  document.addEventListener('change', function (e) {
    var form = e.target.form;
    if (!form || !e.target.matches('[data-pick], [data-pick-all]')) { return; }
    if (e.target.matches('[data-pick-all]')) { all('[data-pick]', form).forEach(function (t) { t.checked = e.target.checked; }); }
    count(form);
  });

  /* ---------- menus, terms, print ---------- */

  document.addEventListener('click', function (e) {
    all('details.k-menu[open]').forEach(function (m) { if (!m.contains(e.target)) { m.open = false; } });
    if (e.target.closest('[data-print]')) { print(); }
  });
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') { return; }
    all('details.k-menu[open]').forEach(function (m) { m.open = false; m.querySelector('summary').focus(); });
    all('.k-term:hover, .k-term:focus').forEach(function (t) { t.classList.add('is-quiet'); });
  });
  document.addEventListener('focusin', function (e) {
    all('details.k-menu[open]').forEach(function (m) { if (!m.contains(e.target)) { m.open = false; } });
  });
  ['mouseout', 'focusout'].forEach(function (name) {
    document.addEventListener(name, function (e) { var t = e.target.closest && e.target.closest('.k-term'); if (t) { t.classList.remove('is-quiet'); } });
  });

  /* ---------- on arrival ---------- */

  function dress(root) {
    all('[data-js-only]', root).forEach(function (n) { n.hidden = false; });
    all('form[data-autosave], form[data-keep]', root).forEach(function (f) { if (f.dataset.keep !== 'no') { offer(f); } });
    all('form', root).forEach(function (f) { if (f.querySelector('[data-pick]')) { count(f); } });
  }
  if (document.body.hasAttribute('data-gate')) {
    // The session had ended when these were sent: they never arrived.
    keptKeys().forEach(function (k) { var entry = read(k); if (entry && entry.sent) { delete entry.sent; write(k, entry); } });
  }
  dress(document);
  var wrong = document.querySelector('.k-errsum');
  if (wrong) { wrong.focus(); }
}());
