"""Signing in, the code of a device, activation, confirmation, and what one sets on the own profile."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length

from kinerja.forms.base import BaseForm

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}
_NEW = {"autocomplete": "new-password"}
_CURRENT = {"autocomplete": "current-password"}


class SignInForm(BaseForm):
    nip = StringField(
        _("NIP atau e-mail"),
        [InputRequired(_("Tulis NIP atau e-mail Anda.")), Length(max=200)],
        description=_("NIP 18 angka, spasi boleh ditulis."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    sandi = PasswordField(
        _("Kata sandi"), [InputRequired(_("Tulis kata sandi Anda.")), Length(max=1000)], render_kw=_CURRENT
    )


class CodeForm(BaseForm):
    kode = StringField(
        _("Kode enam angka"),
        [InputRequired(_("Tulis kode enam angka dari aplikasi autentikator Anda.")), Length(max=12)],
        description=_("Dari aplikasi autentikator Anda."),
        render_kw=_CODE,
    )


class ActivateForm(BaseForm):
    """The slip of paper: whose it is, and its code."""

    nip = StringField(
        _("NIP"),
        [InputRequired(_("Tulis NIP Anda.")), Length(max=40)],
        description=_("18 angka, spasi boleh ditulis."),
        render_kw={"autocomplete": "username", "inputmode": "numeric"},
    )
    kode = StringField(
        _("Kode aktivasi"),
        [InputRequired(_("Tulis kode aktivasi dari kertas yang Anda terima.")), Length(max=80)],
        description=_("Tanda hubung dan huruf kecil tidak berpengaruh."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _("Kata sandi baru"),
        [InputRequired(_("Tulis kata sandi yang Anda pilih.")), Length(max=1000)],
        description=_("Paling sedikit 12 karakter, tanpa NIP, e-mail, atau nama Anda."),
        render_kw=_NEW,
    )


def _repeated_password() -> PasswordField:
    return PasswordField(
        _("Ulangi kata sandi baru"),
        [EqualTo("sandi", _("Kedua kata sandi tidak sama. Tulis sekali lagi."))],
        render_kw=_NEW,
    )


class SetPasswordForm(BaseForm):
    """The password for that slip, which comes along hidden: nothing is kept on the server in between."""

    nip = HiddenField()
    kode = HiddenField()
    sandi = _new_password()
    ulangi = _repeated_password()


class ConfirmForm(BaseForm):
    sandi = PasswordField(
        _("Kata sandi"), [InputRequired(_("Tulis kata sandi Anda.")), Length(max=1000)], render_kw=_CURRENT
    )


class ConfirmWithCodeForm(ConfirmForm):
    kode = StringField(
        _("Kode enam angka"),
        [InputRequired(_("Tulis kode enam angka dari aplikasi autentikator Anda.")), Length(max=12)],
        render_kw=_CODE,
    )


class ChangePasswordForm(BaseForm):
    lama = PasswordField(
        _("Kata sandi sekarang"),
        [InputRequired(_("Tulis kata sandi Anda sekarang.")), Length(max=1000)],
        render_kw=_CURRENT,
    )
    sandi = _new_password()
    ulangi = _repeated_password()


class PreferencesForm(BaseForm):
    locale = SelectField(
        _("Bahasa"), choices=[SelectChoice("id", "Bahasa Indonesia"), SelectChoice("en", "English")]
    )
    theme = SelectField(
        _("Tampilan"),
        choices=[
            SelectChoice("auto", _("Ikuti perangkat")),
            SelectChoice("light", _("Terang")),
            SelectChoice("dark", _("Gelap")),
        ],
    )


class WrongDataForm(BaseForm):
    """ "Data saya salah": which, and what is right. The view fills the choices."""

    isian = SelectField(_("Data yang keliru"), choices={})
    uraian = TextAreaField(
        _("Yang benar"),
        [InputRequired(_("Tulis data yang benar, dan dasarnya bila ada.")), Length(max=2000)],
        description=_("Tulis data yang benar dan dasarnya, misalnya nomor keputusan."),
        render_kw={"rows": "4"},
    )
