"""Texts with stations and temperatures that are not tickers, in the layouts of extracted text.

All prose was written for these tests. `NOT_TICKERS` has a name and a text for each.
"""

from __future__ import annotations

CITIES = ("서울", "인천", "수원", "강릉", "대전", "대구", "광주", "부산", "울산", "제주")
WORDS = ("맑음", "구름많음", "흐림", "비", "맑음", "구름조금", "눈", "맑음", "흐림", "박무")


def _values(first: float) -> list[str]:
    return [f"{first + 1.3 * n:.1f}" for n in range(len(CITIES))]


def _rows(*columns: object, cell: str = " ", row: str = "\n") -> str:
    return row.join(cell.join(map(str, cells)) for cells in zip(*columns, strict=True))


_LOW, _HIGH = _values(-6.2), _values(2.4)
_WHOLE = [str(n - 5) for n in range(len(CITIES))]
_TABLE = _rows(CITIES, [f"{t}℃" for t in _LOW], [f"{t}℃" for t in _HIGH])
_ROWS = _rows(CITIES, [f"{t}℃" for t in _HIGH])
_FORECAST = _rows(CITIES, WORDS, [f"{t}℃" for t in _WHOLE])
_TWO_DAYS = _rows(CITIES, WORDS, [f"{t}℃" for t in _LOW], [f"{t}℃" for t in _HIGH])

PROSE = {
    "lows of two cities": "아침 최저 서울 -3.2℃, 부산 4.1℃로 어제와 비슷했다.",
    "lows of two cities, short": "아침 최저 서울 -3.2℃, 부산 4.1℃",
    "cities in a row": "서울 -0.7℃, 인천 -0.2℃, 대전 -2.4℃, 대구 0.6℃ 등이었다.",
    "cities in a row without a comma": "아침 기온은 서울 -3.2℃ 부산 4.1℃ 대구 2.2℃ 광주 1.9℃였다.",
    "cities with centre dots": "서울 -3.2℃·부산 4.1℃·대구 2.2℃·광주 1.9℃ 등이었다.",
    "cities with triangles": "▲서울 -3.2℃ ▲부산 4.1℃ ▲대구 2.2℃ ▲광주 1.9℃ ▲제주 7.7℃",
    "cities with diamonds": "◇서울 -3.2℃ ◇부산 4.1℃ ◇대구 2.2℃ ◇광주 1.9℃ ◇제주 7.7℃",
    "cities with bullets in a sentence": "지점별로는 • 서울 -3.2℃ • 부산 4.1℃ • 대구 2.2℃ 등이다.",
    "cities with conditions and commas": "서울 맑음 3.2℃, 부산 흐림 4.1℃, 대구 비 5.5℃였다.",
    "cities with conditions, some": "서울 맑음 3.2℃, 부산 4.1℃, 대구 5.5℃, 광주 흐림 6.1℃",
    "forecast in words": "내일 아침 최저기온은 서울 3도, 인천 2도, 대전 1도로 예상된다.",
    "forecast with the unit": "내일 아침 최저기온은 서울 3℃, 인천 2℃, 강릉 5℃, 대전 1℃로 예상된다.",
    "forecast without commas": "내일 아침 최저기온은 서울 3℃ 인천 2℃ 강릉 5℃ 대전 1℃ 대구 0℃",
    "forecast with conditions": "내일 날씨 서울 맑음 3℃ 인천 흐림 2℃ 강릉 비 5℃ 대전 맑음 1℃",
    "forecast with decimals": "내일 예상 기온 맑음 서울 3.0℃ 흐림 인천 2.0℃ 비 강릉 5.0℃",
    "range": "낮 최고기온은 5.1~11.3℃로 어제(3.2~9.0℃)보다 2.0℃ 높겠다.",
    "particles": "서울은 3.2℃, 부산은 4.1℃, 대구는 5.5℃, 광주는 6.1℃까지 올랐다.",
    "particles without commas": "서울은 3.2℃ 부산은 4.1℃ 대구는 5.5℃ 광주는 6.1℃ 강릉은 2.2℃",
    "conditions of a day": "오전 맑음 3.2℃ 오후 흐림 8.4℃ 밤 비 5.1℃로 이어지겠다.",
    "hours of a city": "서울 09시 맑음 3.2℃ 12시 흐림 5.4℃ 15시 비 6.1℃ 18시 맑음 2.0℃",
    "days of a city": "서울 오늘 맑음 3.2℃ 내일 흐림 5.4℃ 모레 비 6.1℃",
    "one city again and again": "맑음 서울 3.2℃ 흐림 서울 4.1℃ 비 서울 5.0℃ 맑음 서울 2.2℃",
    "felt temperatures": "체감온도 서울 -9.2℃ 파주 -12.1℃ 철원 -15.4℃ 대관령 -18.8℃",
    "records": "역대 최고기온 홍천 41.0℃ 북춘천 40.6℃ 의성 40.4℃ 양평 40.1℃ 충주 40.0℃",
    "sea": "해수면온도 울릉도 12.3℃ 포항 11.1℃ 부산 13.4℃ 통영 12.9℃ 여수 10.8℃",
    "differences": "평년보다 서울 2.1℃ 강릉 3.4℃ 대구 1.8℃ 광주 2.2℃ 높았다.",
    "cooking": "오븐을 180.0℃로 데운 뒤 물 60.5℃와 우유 40.2℃를 섞는다.",
    "body": "체온이 37.5℃를 넘으면 입장할 수 없다. 36.5℃ 36.8℃ 37.1℃ 순으로 쟀다.",
    "names that are words": "눈 3.2℃ 비 4.1℃ 안개 5.0℃ 황사 6.1℃라는 이름의 시.",
}

COLUMNS = {
    "records, bare": f"역대 일 최고기온 순위\n2018.08.01 (수)\n{_ROWS}",
    "sea, bare": "수온\n울릉도 12.3℃\n포항 11.1℃\n부산 13.4℃\n통영 12.9℃\n여수 9.0℃",
    "lows and highs": _TABLE,
    "lows and highs with a head": f"지역 최저 최고\n{_TABLE}\n기상청 제공",
    "lows / highs": _rows(CITIES, [f"{t}℃ / {u}℃" for t, u in zip(_LOW, _HIGH, strict=True)]),
    "lows | highs": _rows(CITIES, [f"{t}℃" for t in _LOW], [f"{t}℃" for t in _HIGH], cell=" | "),
    "lows, highs in bars": "| "
    + _rows(
        CITIES, WORDS, [f"{t}℃" for t in _LOW], [f"{t}℃" for t in _HIGH], cell=" | ", row=" |\n| "
    )
    + " |",
    "lows and highs with conditions": _TWO_DAYS,
    "condition, low, high with bullets": "\n".join(f"• {line}" for line in _TWO_DAYS.split("\n")),
    "forecast in whole degrees": f"내일 날씨\n{_FORECAST}",
    "mean and difference": _rows(CITIES, [f"{t}℃" for t in _LOW], [f"(+{n}.1)" for n in range(10)]),
    "dust": f"미세먼지 (기온 3.2℃)\n{_rows(CITIES, [f'{n + 12}㎍/㎥' for n in range(10)])}",
    "rain": f"강수량 (기온 3.2℃)\n{_rows(CITIES, [f'{n}.5㎜' for n in range(10)])}",
    "rain in mm": f"기온 3.2℃\n{_rows(CITIES, [f'{n}.5mm' for n in range(10)])}",
    "snow depth": f"적설 (기온 -3.2℃)\n{_rows(CITIES, [f'{n}.5cm' for n in range(10)])}",
    "wind": f"풍속 (기온 -3.2℃)\n{_rows(CITIES, [f'{n}.5m/s' for n in range(10)])}",
    "humidity": f"습도\n{_rows(CITIES, [f'{n + 40}%' for n in range(10)])}\n기온 3.2℃",
    "buoys": "해양기상부이\n덕적도 12.3℃ 0.5m\n칠발도 11.1℃ 1.0m\n거문도 13.4℃ 0.8m",
    "stocks": "코스피 2,650.1 ▲ 3.2\n코스닥 850.4 ▼ 1.1\n서울 3.2℃\n환율 1,330.5 ▲ 2.0",
    "scores": "오늘의 경기 (기온 3.2℃)\n서울 3:2 부산\n대구 1:0 광주\n인천 2:2 제주",
    "elections": "개표 (기온 3.2℃)\n서울 45.1\n부산 50.2\n대구 61.3\n광주 70.4",
    "widget of one city": "서울\n맑음\n3.2℃\n체감 -1.0℃\n습도 45%\n미세먼지 보통",
    "three widgets": "서울\n맑음\n3.2℃\n45%\n부산\n비\n4.1℃\n50%\n대구\n눈\n5.0℃\n60%",
    "hours below each other": "09시\n맑음\n3.2℃\n12시\n흐림\n5.4℃\n15시\n비\n6.1℃",
    "conditions and numbers": "맑음\n3.2℃\n흐림\n4.1℃\n비\n5.0℃\n눈\n-1.2℃",
    "cities and numbers": _ROWS.replace(" ", "\n"),
    "cities and two numbers": "\n".join(
        f"{city}\n{t}℃\n{u}℃" for city, t, u in zip(CITIES, _LOW, _HIGH, strict=True)
    ),
    "cities, conditions and two numbers": "\n".join(
        f"{city}\n{word}\n{t}℃\n{u}℃"
        for city, word, t, u in zip(CITIES, WORDS, _LOW, _HIGH, strict=True)
    ),
    "cities, conditions and whole numbers": "\n".join(
        f"{city}\n{word}\n{t}℃" for city, word, t in zip(CITIES, WORDS, _WHOLE, strict=True)
    ),
    "low and high of a city": "최저\n-3.2℃\n최고\n5.1℃\n평균\n0.8℃\n서울\n맑음",
    "menu of cities": "서울\n인천\n부산\n대구\n광주\n기온 3.2℃\n맑음\n흐림\n비\n눈",
    "vote on weather": "맑음 45.1%\n흐림 30.2%\n비 24.7%\n기온 3.2℃",
    "headlines": "서울 3.2℃ 뚝, 한파 특보\n부산 4.1℃ 포근, 나들이객 북적\n대구 5.0℃ 기록, 4월 최고",
    "calendar": "1일 맑음 3.2℃\n2일 흐림 4.1℃\n3일 비 5.0℃\n4일 맑음 6.1℃",
    "questions": "? 서울 3.2℃\n부산 4.1℃\n? 대구 5.0℃\n광주 6.0℃\n? 제주 9.1℃",
}


def _as_one_line(text: str) -> str:
    return " ".join(text.split())


NOT_TICKERS = {
    **PROSE,
    **{f"{name}, in two sentences": f"{text} {text}" for name, text in PROSE.items()},
    **{
        f"{name}, in an article": f"기상청 날씨 소식\n2025.12.19 (금)\n{text}\n홍길동 기자"
        for name, text in PROSE.items()
    },
    **COLUMNS,
    **{f"{name}, on one line": _as_one_line(text) for name, text in COLUMNS.items()},
    **{
        f"{name}, a cell a line": "\n".join(text.replace("|", " ").split())
        for name, text in COLUMNS.items()
    },
    **{
        f"{name}, in bars": "|".join(text.replace("|", " ").split())
        for name, text in COLUMNS.items()
    },
}
