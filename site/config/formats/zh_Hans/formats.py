"""Dates as the house writes them: a space between figures and Han characters."""

DATE_FORMAT = "Y 年 n 月 j 日"
MONTH_DAY_FORMAT = "n 月 j 日"
YEAR_MONTH_FORMAT = "Y 年 n 月"
DATETIME_FORMAT = "Y 年 n 月 j 日 H:i"
