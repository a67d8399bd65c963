"""Invented names of people, departments and homemade apps, in many scripts."""

from __future__ import annotations

from typing import NamedTuple

from entra_sandbox.world.chance import number


class PersonName(NamedTuple):
    given: str
    surname: str
    login: str
    """plain ASCII, lower case; may hold an apostrophe"""


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((a, b) for a, b in (entry.split("=") for entry in text.split()))


# Each entry is name=ascii. A pool is (weight, given names, surnames, surname comes first).
_LATIN = (
    _pairs(
        "Anna=anna Jonas=jonas Zoë=zoe François=francois Márta=marta Łukasz=lukasz Søren=soren Inés=ines João=joao "
        "Åsa=asa Dvora=dvora Mikkel=mikkel Noémie=noemie Çağla=cagla Ştefan=stefan Tomáš=tomas Björk=bjork Liv=liv "
        "Tadeo=tadeo Úna=una Emre=emre Maëlle=maelle Nils=nils Greta=greta Ólafur=olafur Rūta=ruta Đorđe=dorde Eva=eva"
    ),
    _pairs(
        "O'Neil=o'neil Müller=mueller Grünwald=gruenwald Świątek=swiatek Sørbø=sorbo Lefèvre=lefevre Ibáñez=ibanez "
        "D'Arcy=d'arcy Håkansson=hakansson Popović=popovic Yılmaz=yilmaz Nagyová=nagyova Brandt=brandt "
        "Achterberg=achterberg "
        "Quillfeather=quillfeather Vandermolen=vandermolen Çelik=celik Ţurcan=turcan Ødegård=odegard Kovács=kovacs "
        "Szymański=szymanski Peña=pena Rößler=roessler Þorvaldsson=thorvaldsson Kalniņš=kalnins Whitlow=whitlow "
        "Smith-Ortega=smith-ortega Lindqvist=lindqvist"
    ),
)
_CYRILLIC = (
    _pairs("Анна=anna Дмитрий=dmitrij Оксана=oksana Богдан=bohdan Светлана=svetlana Георги=georgi Юлія=yuliia"),
    _pairs("Соколова=sokolova Мельник=melnyk Ковальчук=kovalchuk Иванова=ivanova Петренко=petrenko Димитров=dimitrov"),
)
_GREEK = (
    _pairs("Ελένη=eleni Νίκος=nikos Δήμητρα=dimitra Γιώργος=giorgos Άννα=anna"),
    _pairs("Παπαδάκη=papadaki Οικονόμου=oikonomou Γεωργίου=georgiou Νικολάου=nikolaou"),
)
_ARABIC = (
    _pairs("ليلى=layla يوسف=yousef مريم=maryam خالد=khaled نور=noor"),
    _pairs("الحداد=alhaddad منصور=mansour الخطيب=alkhatib سليمان=suleiman"),
)
_HEBREW = (
    _pairs("נועה=noa יונתן=yonatan תמר=tamar אורי=uri"),
    _pairs("לוי=levi מזרחי=mizrahi ברק=barak שלום=shalom"),
)
_CHINESE = (
    _pairs("小明=xiaoming 丽华=lihua 伟=wei 静怡=jingyi 志强=zhiqiang"),
    _pairs("王=wang 李=li 张=zhang 陈=chen 欧阳=ouyang"),
)
_JAPANESE = (
    _pairs("さくら=sakura 健太=kenta 美咲=misaki 翔=sho"),
    _pairs("佐藤=sato 髙橋=takahashi 渡邉=watanabe 伊藤=ito"),
)
_KOREAN = (
    _pairs("민준=minjun 서연=seoyeon 지우=jiwoo 하은=haeun"),
    _pairs("김=kim 이=lee 박=park 최=choi"),
)
_INDIAN = (
    _pairs("प्रिया=priya अर्जुन=arjun अनन्या=ananya विक्रम=vikram"),
    _pairs("शर्मा=sharma पटेल=patel राव=rao मिश्रा=mishra"),
)
_POOLS = (_LATIN,) * 11 + (_CYRILLIC, _GREEK, _ARABIC, _HEBREW, _CHINESE, _JAPANESE, _KOREAN, _INDIAN)

DEPARTMENTS = (
    "Sales", "Engineering", "Finance", "Human Resources", "Marketing", "Customer Care", "Operations",
    "Legal & Compliance",
    "Research", "Qualität", "Achats", "物流",
)  # fmt: skip
DEPARTMENT_WEIGHTS = (18, 20, 7, 4, 8, 14, 12, 3, 6, 3, 3, 2)
TITLES = ("Associate", "Specialist", "Senior Specialist", "Team Lead", "Manager", "Analyst", "Engineer", "Director")

_HEADS = [
    "Brim",
    "Quil",
    "Tand",
    "Vex",
    "Morr",
    "Fenn",
    "Ostra",
    "Zyl",
    "Carv",
    "Lund",
    "Pell",
    "Harrow",
    "Nimb",
    "Skal",
    "Wend",
    "Ybra",
    "Korv",
    "Dusk",
    "Elm",
    "Trill",
]
_TAILS = [
    "tal",
    "lora",
    "ivo",
    "anto",
    "ely",
    "ovar",
    "ique",
    "una",
    "ster",
    "ado",
    "wick",
    "mere",
    "olo",
    "essa",
    "yard",
]
_USES = (
    "CRM", "Desk", "Expenses", "Travel", "Boards", "Sign", "Learning", "Payroll", "Wiki", "Forms", "Analytics",
    "Design",
    "Vault", "Recruit", "Planner", "Survey", "Monitor", "Backup", "Chat", "Maps",
)  # fmt: skip
_SPECIAL = {
    3: "{} 🚀 Launchpad", 9: "{} «Büro»", 14: "{} \"Quoted\" Suite", 19: "Портал {}", 24: "{} 会議室", 31: "بوابة {}",
    38: "{}'s Ledger",
    44: "{} — Ideas & Votes", 52: "Πύλη {}", 59: "{} कार्यालय", 66: "מערכת {}", 73: "{}, Inc.; Suite",
}  # fmt: skip


def person_name(*names: object) -> PersonName:
    n = number("name", *names)
    given, surnames = _POOLS[n % len(_POOLS)]
    g, s = given[(n >> 8) % len(given)], surnames[(n >> 24) % len(surnames)]
    return PersonName(g[0], s[0], f"{g[1]}.{s[1]}")


def shown(name: PersonName) -> str:
    """The display name; family name first where that is the custom."""
    family_first = "\u1100" <= name.surname[0] <= "\ud7ff"
    return f"{name.surname}{name.given}" if family_first else f"{name.given} {name.surname}"


def vendor_name(*names: object) -> str:
    n = number("vendor", *names)
    return _HEADS[n % len(_HEADS)] + _TAILS[(n >> 16) % len(_TAILS)]


def app_name(slot: int, vendor: str, *names: object, is_whole: bool) -> str:
    """What an app is called. is_whole: `vendor` is a name by itself, so that no use is added to it."""
    if slot in _SPECIAL:
        return _SPECIAL[slot].format(vendor)
    return vendor if is_whole else f"{vendor} {_USES[number('use', slot, *names) % len(_USES)]}"


def department_of(chance: int) -> int:
    """Index of a department, by weight."""
    at = chance % sum(DEPARTMENT_WEIGHTS)
    for i, weight in enumerate(DEPARTMENT_WEIGHTS):
        if at < weight:
            return i
        at -= weight
    return 0
