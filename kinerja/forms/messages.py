"""What WTForms says when a field does not fit, in Indonesian: the library brings no such catalogue."""

from flask_babel import get_locale

# The library's English text: ours. Short, official, and with the way out.
INDONESIAN: dict[str, str] = {
    "Invalid field name '%s'.": "Nama isian “%s” tidak dikenal.",
    "Field must be equal to %(other_name)s.": "Harus sama dengan isian %(other_name)s.",
    "Field must be at least %(min)d character long.": "Paling sedikit %(min)d karakter.",
    "Field must be at least %(min)d characters long.": "Paling sedikit %(min)d karakter.",
    "Field cannot be longer than %(max)d character.": "Paling banyak %(max)d karakter.",
    "Field cannot be longer than %(max)d characters.": "Paling banyak %(max)d karakter.",
    "Field must be exactly %(max)d character long.": "Harus tepat %(max)d karakter.",
    "Field must be exactly %(max)d characters long.": "Harus tepat %(max)d karakter.",
    "Field must be between %(min)d and %(max)d characters long.": "Harus %(min)d sampai %(max)d karakter.",
    "Number must be at least %(min)s.": "Angka paling kecil %(min)s.",
    "Number must be at most %(max)s.": "Angka paling besar %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Angka harus antara %(min)s dan %(max)s.",
    "Date must be at least %(min)s.": "Tanggal paling awal %(min)s.",
    "Date must be at most %(max)s.": "Tanggal paling akhir %(max)s.",
    "Date must be between %(min)s and %(max)s.": "Tanggal harus antara %(min)s dan %(max)s.",
    "This field is required.": "Wajib diisi.",
    "Invalid input.": "Isian tidak sesuai bentuk yang diminta.",
    "Invalid email address.": "Alamat e-mail tidak lengkap atau salah tulis, misalnya nama@contoh.go.id.",
    "Invalid IP address.": "Alamat IP tidak benar.",
    "Invalid Mac address.": "Alamat MAC tidak benar.",
    "Invalid URL.": "Tautan tidak lengkap; mulai dengan https://.",
    "Invalid UUID.": "UUID tidak benar.",
    "Invalid value, must be one of: %(values)s.": "Pilih salah satu dari: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Tidak boleh salah satu dari: %(values)s.",
    "This field cannot be edited.": "Isian ini tidak dapat diubah.",
    "This field is disabled and cannot have a value.": "Isian ini ditutup dan tidak dapat diisi.",
    "Invalid CSRF Token.": "Halaman ini sudah lama terbuka. Muat ulang, lalu kirim lagi.",
    "CSRF token missing.": "Halaman ini tidak lengkap. Muat ulang, lalu kirim lagi.",
    "CSRF failed.": "Kiriman tidak dapat dipastikan berasal dari halaman ini. Muat ulang, lalu kirim lagi.",
    "CSRF token expired.": "Halaman ini sudah lama terbuka. Muat ulang, lalu kirim lagi.",
    "Invalid Choice: could not coerce.": "Pilihan tidak dikenal.",
    "Choices cannot be None.": "Belum ada pilihan untuk isian ini.",
    "Not a valid choice.": "Pilih salah satu dari daftar.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Satu atau beberapa pilihan tidak dikenal.",
    "'%(value)s' is not a valid choice for this field.": "“%(value)s” tidak ada dalam daftar pilihan.",
    "'%(value)s' are not valid choices for this field.": "“%(value)s” tidak ada dalam daftar pilihan.",
    "Not a valid datetime value.": "Tanggal dan jam tidak benar.",
    "Not a valid date value.": "Tanggal tidak benar, misalnya 21 November 2026.",
    "Not a valid time value.": "Jam tidak benar, misalnya 14.30.",
    "Not a valid week value.": "Minggu tidak benar.",
    "Not a valid integer value.": "Tulis bilangan bulat, tanpa titik dan koma.",
    "Not a valid decimal value.": "Tulis angka, misalnya 1.234,5.",
    "Not a valid float value.": "Tulis angka, misalnya 1.234,5.",
}


class Messages:
    """The translations object WTForms asks: Indonesian, unless the reader chose English."""

    def gettext(self, string: str) -> str:
        return string if _is_english() else INDONESIAN.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if _is_english():
            return singular if n == 1 else plural
        return INDONESIAN.get(plural, plural)


def _is_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
