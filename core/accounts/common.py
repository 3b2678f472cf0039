"""Passwords that everybody tries first. They are refused however long they are."""

_STEMS = """
    password passw0rd p@ssword p@ssw0rd qwertyui qwertyuiop qwerty123 1qaz2wsx 1q2w3e4r qazwsxedc
    zaq12wsx asdfghjk asdfghjkl zxcvbnm1 iloveyou sunshine princess football baseball welcome1
    whatever trustno1 superman michelle jennifer computer internet starwars dragon123 monkey123
    letmein1 administrator changeme secret123 abcd1234 abc12345 a1b2c3d4 test1234 testtest
    passwort motdepasse contrasena parol123 password1 qwerty12 admin123 admin1234 root1234 user1234
    йцукенгш йцукенгшщз йцукен123 пароль123 пароль12 парольпароль привет123 любовь123 солнышко
    наташа123 қазақстан қазақстан1 казахстан казахстан1 almaty123 astana123 kazakhstan kazakhstan1
    құпиясөз құпиясөз1 tuzetuzet tuzet123 tuzettuzet
"""
_COMMON = frozenset(_STEMS.split())
_ROWS = ("1234567890", "0987654321", "qwertyuiop", "йцукенгшщзхъ", "asdfghjkl", "abcdefghijklmnop")


def is_common(password: str, *own: str) -> bool:
    """Whether a password is on everybody's list, one sign or row again and again, or in `own`."""
    plain = password.casefold().strip()
    if plain in _COMMON or plain in {word.casefold() for word in own}:
        return True
    if len(set(plain)) <= 2 or any(plain in row * 3 for row in _ROWS):
        return True
    half = plain[: len(plain) // 2]
    return plain.rstrip("0123456789!?.") in _COMMON or (len(half) <= 5 and plain == half * 2)
