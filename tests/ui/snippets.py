"""One snippet per macro of `_ui.html`, and the values they name."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

from kinerja.reports import charts
from kinerja.reports.diagram import flow_diagram
from kinerja.reports.quadrant import quadrant
from kinerja.reports.strategy_map import strategy_map
from kinerja.workflows import export
from kinerja.workflows.skp import SkpFlow

CELLS = {(r, b): {"label": "Butuh Perbaikan", "tone": "fix"} for r in (1, 2, 3) for b in (1, 2, 3)}
COLUMNS = [{"label": "Pilih", "pick": True}, {"label": "Pegawai", "w": 4}, {"label": "Nilai", "num": True}]


def context(text: str) -> dict[str, Any]:
    """Everything the snippets name; each text a person could have written is ``text``."""
    people = [
        {"initials": "TS", "place": (1, 2), "old": (2, 2)},
        {"initials": "MS", "place": (3, 3), "old": None},
    ]
    choices = [("a", text), ("b", text)]
    return {
        "x": text,
        "columns": COLUMNS,
        "due": {"date_label": text, "text": text, "tone": "late"},
        "steps": [{"label": text, "person": text, "when": text, "state": s} for s in ("done", "now", "next")],
        "links": [{"label": text, "sub": text, "href": "#a", "current": True, "count": 3, "icon": "star"}],
        "reasons": [
            {"label": text, "reason": text, "who": text, "until": text},
            {"label": text, "reason": text},
        ],
        "figs": [
            {"label": text, "value": text, "note": text, "href": "#a", "assumed": True},
            {"label": text, "value": 1},
        ],
        "clocks": [
            {"label": text, "value": text, "note": text, "total": 7, "used": 3, "today": True, "now": True}
        ],
        "events": [
            {"title": text, "detail": text, "when": text, "text": text},
            {"title": text, "icon": "star"},
        ],
        "traces": [
            {
                "title": text,
                "value": text,
                "text": text,
                "formulas": [text, text],
                "source": text,
                "assumed": True,
            },
            {
                "title": text,
                "columns": [{"label": text}, {"label": text, "num": True}],
                "rows": [[text, text]],
                "total": [text, text],
            },
        ],
        "parts": [{"op": "same", "text": text}, {"op": "ins", "text": text}, {"op": "del", "text": text}],
        "people": [{"title": text, "name": text, "rows": [(text, text)]}],
        "sides": [{"title": text, "text": text, "when": text}] * 2,
        "signs": [{"place": text, "role": text, "signed": text, "name": text, "nip": text}],
        "history": [
            {
                "when": text,
                "who": text,
                "on_behalf": text,
                "from_label": text,
                "to_label": text,
                "reason": text,
                "href": "#a",
            }
        ],
        "results": [
            {"name": text, "ok": True, "text": text},
            {"name": text, "ok": False, "text": text, "href": "#a"},
        ],
        "plain": {
            "id": "target",
            "kind": "number",
            "label": text,
            "value": text,
            "help": text,
            "errors": [text],
            "required": True,
        },
        "pick_one": {"id": "satuan", "kind": "select", "label": text, "options": choices, "value": "a"},
        "area": {"id": "uraian", "kind": "textarea", "label": text, "value": text, "readonly": True},
        "radios": {"id": "putusan", "kind": "radios", "label": text, "options": choices, "value": "b"},
        "tick": {"id": "setuju", "kind": "check", "label": text, "help": text},
        "problems": [{"text": text, "href": "#target", "source": text}],
        "spark": charts.spark([D(1)], [D(1), D(2)], bad=True),
        "bar": charts.bar([("ok", 2, text)]),
        "track": charts.trajectory([text] * 4, [D(1), D(2), D(3), D(4)], [D(1), D(1)], bad=True, remark=text),
        "spread": charts.distribution(
            [{"label": text, "before": D(5), "after": D(9), "text": text, "at_most": D(7)}]
        ),
        "square": quadrant(people, CELLS),
        "flow": flow_diagram(export.as_data(SkpFlow), "draft", lambda _label: text, {}),
        "map": strategy_map(
            [{"key": "ss1", "kode": text, "pernyataan": text, "perspektif": "p", "sebab": []}], {"p": text}
        ),
        "lying": charts.columns_of([(text, 3)]),
        "rise": charts.progress([text, text], [D(1), D(2)], [D(1), D(2)], 4),
        "marks": [
            {"mark": "actual", "label": text},
            {"mark": "guide", "label": text},
            {"mark": "b1", "label": text},
        ],
    }


SNIPPETS = {
    "icon": "{{ ui.icon('bell') }}{{ ui.icon('bell', label=x) }}",
    "button": "{{ ui.button(x, name='a', value=x, icon='check', aria=x, attrs={'data-a': x}) }}",
    "link_button": "{{ ui.link_button(x, '#a', icon='eye', aria=x) }}",
    "mini_button": "{{ ui.mini_button(x, 'trash3', name='a', value=x, disabled=true) }}",
    "print_button": "{{ ui.print_button() }}",
    "state_badge": "{{ ui.state_badge(x, 'ok') }}{{ ui.state_badge(x) }}",
    "due_chip": "{{ ui.due_chip(due) }}{{ ui.due_chip(none) }}",
    "light": "{% for c in ('g', 'yellow', 'merah', 'n') %}{{ ui.light(c) }}{% endfor %}{{ ui.light('g', x) }}",
    "flag": "{{ ui.flag(x) }}",
    "asumsi": "{{ ui.asumsi() }}",
    "source": "{{ ui.source(x, assumed=true, more=x) }}",
    "formula": "{{ ui.formula(x) }}{{ ui.formula([x, x]) }}",
    "number": "{{ ui.number(x, x) }}{{ ui.number(none) }}",
    "count": "{{ ui.count(3) }}",
    "avatar": "{{ ui.avatar(x) }}{{ ui.avatar(x, 'AB') }}",
    "who": "{{ ui.who(x, x) }}",
    "saved_mark": "{{ ui.saved_mark(x) }}{{ ui.saved_mark() }}",
    "lint": "{{ ui.lint(x, id='l') }}{{ ui.lint(x, hint=true) }}",
    "ins": "{{ ui.ins(x) }}",
    "del_": "{{ ui.del_(x) }}",
    "segments": "{{ ui.segments(parts) }}{{ ui.segments(x) }}",
    "changed": "{{ ui.changed(x, x) }}",
    "back": "{{ ui.back(x, '#a') }}",
    "head": "{{ ui.head(x, sub=x, meta=[x, ui.state_badge(x)]) }}{% call ui.head(x) %}<a href='#a'>b</a>{% endcall %}",
    "section": "{% call ui.section('s', x, note=x, no='A', count=2) %}{{ x }}{% endcall %}",
    "section_head": "{{ ui.section_head('h', x, note=x) }}",
    "stepper": "{{ ui.stepper(steps) }}",
    "period_nav": "{{ ui.period_nav(links) }}",
    "panel": "{% call ui.panel('p', x) %}{{ x }}{% endcall %}",
    "turn_panel": "{% call ui.turn_panel(text=x, due=due, next={'name': x, 'sub': x}, reasons=reasons) %}"
    "{{ ui.button(x) }}{% endcall %}{{ ui.turn_panel(mine=false, id='lain', text=x) }}",
    "explained": "{{ ui.explained([x]) }}{{ ui.explained([x], x) }}",
    "why": "{{ ui.why(reasons) }}{{ ui.why([]) }}",
    "links": "{{ ui.links(links) }}",
    "tasks": "{% call ui.tasks() %}<li>{{ x }}</li>{% endcall %}",
    "task": "<ul>{{ ui.task(x, '#a', x, state={'label': x, 'tone': 'mine'}, of=x, due=due) }}"
    "{{ ui.task(x, '#a') }}</ul>",
    "note": "{% for t in ('info', 'warn', 'bad', 'ok') %}{% call ui.note(t) %}<p>{{ x }}</p>{% endcall %}{% endfor %}",
    "pinned_note": "{{ ui.pinned_note(x, x, x ~ '\n\n' ~ x) }}",
    "paragraphs": "{{ ui.paragraphs(x) }}{{ ui.paragraphs(none) }}",
    "empty": "{% call ui.empty(x, x) %}{{ ui.link_button(x, '#a') }}{% endcall %}{{ ui.empty(x, x) }}",
    "figures": "{{ ui.figures(figs) }}",
    "facts": "{{ ui.facts([(x, x), (x, none)]) }}",
    "parties": "{{ ui.parties(people) }}",
    "days": "{{ ui.days(7, 3, true) }}",
    "clocks": "{{ ui.clocks(clocks) }}",
    "timeline": "{{ ui.timeline(events, id='t') }}",
    "trace": "{{ ui.trace(traces) }}",
    "trace_step": "<ol>{% call ui.trace_step(x, x, x, x, x) %}{{ x }}{% endcall %}</ol>",
    "trace_table": "{{ ui.trace_table(x, [{'label': x}, {'label': x, 'num': true}], [[x, x]]) }}",
    "table": "<form>{% call ui.table(columns, 'cards pick', caption=x, foot=ui.row_group(x, 3)) %}"
    "{{ ui.row_group(x, 3) }}{% endcall %}</form>",
    "row": "{% call ui.table([{'label': x}]) %}{% call ui.row(selected=true, changed=true, id='r') %}{{ ui.th(x) }}"
    "{% endcall %}{% endcall %}",
    "th": "{% call ui.table([{'label': x}]) %}{% call ui.row() %}{{ ui.th(x, href='#a', sub=x, prefix=x, quiet=true) }}"
    "{% endcall %}{% endcall %}",
    "td": "{% call ui.table([{'label': x}]) %}{% call ui.row() %}{{ ui.td(x, x, sub=x, num=true) }}{{ ui.td(x) }}"
    "{% call ui.td(x) %}{{ x }}{% endcall %}{% endcall %}{% endcall %}",
    "row_group": "{% call ui.table([{'label': x}]) %}{{ ui.row_group(x, 1, sub=x, before=x) }}{% endcall %}",
    "pick": "{% call ui.table(columns) %}{% call ui.row() %}{{ ui.pick('id', x, x, checked=true) }}{{ ui.pick() }}"
    "{% endcall %}{% endcall %}",
    "pick_all": "{{ ui.pick_all() }}",
    "chips": "{{ ui.chips(links, x) }}",
    "tally": "{{ ui.tally(links) }}",
    "pager": "{{ ui.pager(1, 50, 812, prev='#a', next='#b') }}",
    "bulk_bar": "{% call ui.bulk_bar(3, x) %}{{ ui.button(x) }}{% endcall %}",
    "sticky_bar": "{% call ui.sticky_bar() %}{{ ui.button(x) }}{% endcall %}",
    "filter_form": "{% call ui.filter_form('#a', x, reset='#b') %}{{ ui.field(pick_one, size='sm') }}{% endcall %}",
    "wide": "{% call ui.wide(x) %}{{ x }}{% endcall %}",
    "history_table": "{{ ui.history_table(history) }}",
    "results": "{{ ui.results(results) }}",
    "hidden_guard_fields": "{{ ui.hidden_guard_fields(x, 7, x, x) }}",
    "control": "<label for='target'>a</label><p id='target-g'></p>{{ ui.control(plain, described='target-g') }}",
    "errors_of": "{{ ui.errors_of('a', [x]) }}{{ ui.errors_of('a', []) }}",
    "field": "{% for f in (plain, pick_one, area, radios, tick) %}"
    "{{ ui.field(f, lints=[x], optional=true) }}{% endfor %}",
    "choices": "{{ ui.choices(radios, x, help=x) }}",
    "fields": "{{ ui.fields([]) }}",
    "error_summary": "<p id='target'></p>{{ ui.error_summary(problems, x) }}{{ ui.error_summary([]) }}",
    "rowedit": "{% call ui.rowedit(1, x, origin=x, badge=ui.state_badge(x), buttons=ui.button(x)) %}{{ x }}"
    "{% endcall %}",
    "iki_head": "{{ ui.iki_head() }}",
    "iki": "{{ ui.iki('1.1', x, [{'f': plain, 'main': true}, {'f': pick_one, 'aria': x}], "
    "buttons=ui.mini_button(x, 'plus'), lints=[x, {'text': x, 'hint': true}]) }}",
    "diff": "{{ ui.diff(parts, x, x, x, choose={'name': 'd', 'old': 'a', 'new': 'b'}) }}",
    "remark": "{{ ui.remark(x, x, x) }}",
    "downloads": "{{ ui.downloads('documents.list', {'jenis': x}) }}{{ ui.downloads('x', links=True) }}",
    "sides": "{{ ui.sides(sides) }}",
    "sheet": "{% call ui.sheet([x, x], x) %}<table><tr><td>{{ x }}</td></tr></table>{% endcall %}",
    "sheet_row": "{{ ui.sheet_row(x, x) }}",
    "sheet_sign": "{{ ui.sheet_sign(signs) }}",
    "sheet_foot": "{{ ui.sheet_foot(x, x) }}",
    "spark": "{{ ui.spark(spark, x) }}",
    "bar": "{{ ui.bar(bar) }}",
    "lights_bar": "{{ ui.lights_bar(bar) }}",
    "figure": "{% call ui.figure('f', x, x, '10 10', x, x, 'scroll') %}<text>{{ x }}</text>{% endcall %}",
    "legend": "{{ ui.legend(marks + [ui.asumsi()]) }}",
    "chart_trajectory": "{{ ui.chart_trajectory(track, 'tr', x, x) }}",
    "distribution": "{{ ui.distribution(spread, 'ds', marks=marks) }}",
    "quadrant": "{{ ui.quadrant(square, 'qd') }}",
    "flow_diagram": "{{ ui.flow_diagram(flow, 'al') }}",
    "strategy_map": "{{ ui.strategy_map(map, x) }}",
    "bars": "{{ ui.bars(lying, 'hb', x) }}",
    "progress": "{{ ui.progress(rise, 'pg', x, x, x, x) }}",
}
