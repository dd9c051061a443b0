"""The example words of the gallery: Russian, as in the design. They are no sentences of the program and have no catalogue."""

from __future__ import annotations

from typing import Any

from aidtrack.errors import Text
from aidtrack.ui.parts import RowItem


def _title(word: str) -> Text:
    return Text("{word}", word=word)


cap_chips, cap_buttons, cap_fields = "Метки", "Кнопки", "Поле: обычное, вопрос, недоступно"
cap_rows, cap_empty = "Строка поиска", "Пустое место"
chips = (
    ("окно 2", "monitor", "sunken"), ("Стул, без ожидания", "armchair", "soft"), ("годен 9 дней", "triangle-alert", "att"),
    ("принтер молчит", "printer", "fault"), ("с 3 сентября", "clock", "sunken"), ("выбрано", "check", "chosen"),
)  # fmt: skip
chosen, main, printing, plain, undo = "Выбрано", "Главное действие", "Печать", "Обычная", "Вернуть"
who = (("m", "Мария"), ("p", "Пётр"), ("x", "другой", 0))
languages = (("ru", "русский"), ("uk", "украинский"), ("en", "английский"))
tick, other_tick = "График по часам", "QR с итогами"
card, card_second = "Главный", "Остальные окна подключатся к нему по кабелю или точке доступа."
fields = (
    ("Фамилия и имя", "Ткаченко Мария", ""), ("Откуда приехали", "Суд", "Курская обл."), ("Дата рождения", "31.02.1961", ""),
    ("Карта", "4821 1790 5570", ""),
)  # fmt: skip
problem = "В феврале нет 31-го. Можно ввести возраст"
results = (
    RowItem("Ткаченко М. И.", "1961 · Коренево", "·0417", data=1),
    RowItem("Ткаченко М. П.", "1989 · Суджа", "·5570", data=2, is_marked=True),
    RowItem("Tkachenko M.", "1988 · Суджа", "·2290", data=3),
    RowItem("К старшему смены", icon="arrow-right", key="F8", data=4),
    RowItem("A 17", right="52 мин", right_icon="hourglass", right_tone="att", height=36, data=5),
)
door = "карта или 1 2 3 4"
note = "«Та сама» потребує відповіді. «Можливо» — Enter, перевірять увечері."
totals, children, reckoning = "Итог дня", "Детей до 18", "525 + 960 + 6 − 5 = 1 486"
numbers = ((790, "семей"), (2987, "человек"), (38, "без записи"))
checks = (
    ("done", "Талоны", "812 выдано = 790 обслужено + 22 ушли", "сходится"),
    ("sentence", "Подгузники, 4: по книге 44, на полке 46", "разница +2", "одна фраза"),
    ("later", "Копия на флешку", "копия будет прочитана обратно", "после закрытия"),
)
empty, empty_hint = "Пока никто не ждёт", "Первый талон — F4 или карта у двери"
pages = (
    ("desk", _title("Окно"), "scan-line"), ("queue", _title("Очередь"), "ticket"), ("stock", _title("Склад"), "package"),
    ("campaigns", _title("Программы"), "clipboard-list"), ("people", _title("Люди"), "users"),
    ("reports", _title("Отчёты"), "file-text"), ("day", _title("День"), "calendar-check"),
    ("settings", _title("Настройки"), "settings"),
)  # fmt: skip
centre, desk, user = "Пункт выдачи «Школа № 12»", "Окно 2 · выдача", "Ольга К."
given, hand_over = "Выдано A 16: продукты 3, мыло 3", _title("Выдать")
columns = (_title("Наименование"), _title("На полке"), _title("Можно выдать"), _title("Хватит на"))
goods: tuple[tuple[Any, ...], ...] = (
    ("Продуктовый набор, 7 дней", 1486, 1366, "120 семей, до 13:40", "circle-check", "ink2"),
    ("Мыло", 2310, 2310, "310 семей", "circle-check", "ink2"),
    ("Подгузники, 4", 44, 36, "11 семей, только K", "triangle-alert", "att"),
    ("Постельное бельё", 0, 0, "сегодня нет", "circle-slash", "ink3"),
    ("Чай, хлеб", None, None, "свободный стол", "coffee", "ink2"),
)
question, facts = "Отменить выдачу: где вещи?", "Ткаченко М. П. · продукты 4, мыло 3 · 10:42"
answers = ("вернули на полку", "у другой семьи (поднесите карту)", "отдельно, проверить", "не выносили")
foot = "Ничего не удаляется: встречная запись"
