# SPDX-License-Identifier: MIT
"""Measures `pems evaluate rooms` on the homes of the reference material.

usage: python Benchmarks/rooms.py PEMS SHARED OUT

Turns each home into a series file (format 3), fits on its first two thirds, forecasts the rest and
prints the table of docs/models/thermal.md. Needs numpy and pandas.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd


def darkgreybox(shared):
    table = pd.read_csv(shared / "data/c_darkgreybox_demo/demo_data.csv", index_col=0)
    table.index = pd.to_datetime(table.index, utc=True)
    return pd.DataFrame(
        {
            "temperature_outdoor_c": table["Ta"],
            "room_hall_c": table["Ti"],
            "room_hall_heat_w": 1000 * table["Ph"],
        }
    )


def radiator(shared):
    folder = shared / "data/c_dk_radiator_room"
    table = pd.read_csv(folder / "preprocessed_building_data.csv", index_col=0)
    table.index = pd.to_datetime(table.index).tz_localize("UTC")
    room = table["Aqara_room"]
    water = (table["Shelly_supply"] + table["Shelly_return"]) / 2
    return pd.DataFrame(
        {
            "temperature_outdoor_c": table["temperature_2m (°C)"],
            "ghi_w_m2": table["shortwave_radiation (W/m²)"],
            "room_room_c": room,
            "room_room_heat_supply_k": (water - room).clip(lower=0),
        }
    )


def solar_house(shared):
    table = pd.read_csv(shared / "data/c_es_sml2010/sml2010_part1_dev.csv.gz", index_col=0)
    table.index = pd.to_datetime(table.index).tz_localize(
        "Europe/Madrid", nonexistent="NaT", ambiguous="NaT"
    )
    table = table[table.index.notna()]
    return pd.DataFrame(
        {
            "temperature_outdoor_c": table["Temperature_Exterior_Sensor"],
            "ghi_w_m2": table["Meteo_Exterior_Piranometro"].clip(lower=0),
            "room_dining_c": table["Temperature_Comedor_Sensor"],
            "room_bedroom_c": table["Temperature_Habitacion_Sensor"],
        }
    )


def heat_pump(shared):
    folder = shared / "data/c_uk_arotherm_home"
    hourly = pd.read_csv(folder / "arotherm_hourly_dev_2023-09_2024-09.csv.gz", index_col=0)
    daily = pd.read_csv(folder / "arotherm_daily_energy_Wh_dev_2023-09_2024-09.csv.gz", index_col=0)
    hourly.index = pd.to_datetime(hourly.index).tz_localize(
        "Europe/London", nonexistent="NaT", ambiguous="NaT"
    )
    hourly = hourly[hourly.index.notna()]
    daily.index = pd.to_datetime(daily.index)
    # Only the energy of whole days is known: its mean power stands for every hour.
    heat = daily["HeatGenerated_Heating_Wh"].to_dict()
    days = hourly.index.tz_localize(None).normalize()
    result = pd.DataFrame(
        {
            "temperature_outdoor_c": hourly["OutdoorTemperature"],
            "room_home_c": hourly["CurrentRoomTemperature"],
            "room_home_heat_w": [heat.get(day, np.nan) / 24 for day in days],
        },
        index=hourly.index,
    )
    return result["2023-11-01":"2024-03-31"]


def dutch(name):
    return lambda shared: pd.read_csv(
        shared / f"baselines/series/{name}.csv.gz", index_col=0, parse_dates=True
    )


HOMES = [
    ("NL home 1 (`fsg_1`)", dutch("fsg_1"), "Europe/Amsterdam"),
    ("NL home 2 (`fsg_2`)", dutch("fsg_2"), "Europe/Amsterdam"),
    ("UK building (`c_darkgreybox_demo`)", darkgreybox, "Europe/London"),
    ("DK radiator room (`c_dk_radiator_room`)", radiator, "Europe/Copenhagen"),
    ("UK home with heat pump (`c_uk_arotherm_home`)", heat_pump, "Europe/London"),
    ("ES solar house (`c_es_sml2010`)", solar_house, "Europe/Madrid"),
]


def references(scored, table):
    """Errors of "as now" and "as yesterday at this hour" on the forecasts that were scored."""
    errors = ([], [])
    for room, part in scored.groupby("room"):
        readings = table[f"room_{room}_c"].dropna()
        readings.index = pd.to_datetime(readings.index, utc=True)
        origin = pd.to_datetime(part["origin_utc"], utc=True)
        target = pd.to_datetime(part["target_utc"], utc=True)
        before = target - pd.Timedelta(days=1)
        for found, times in zip(errors, (origin, before)):
            values = readings.reindex(times).to_numpy()
            found.append(np.abs(values - part["y"].to_numpy()))
    return [np.nanmean(np.concatenate(found)) for found in errors]


def main():
    pems, shared, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    print("| series | as now | as yesterday | ours | coverage | model | seconds |")
    print("|---|---|---|---|---|---|---|")
    for title, read, zone in HOMES:
        table = read(shared)
        table.index = pd.to_datetime(table.index, utc=True).strftime("%Y-%m-%dT%H:%M:%SZ")
        table.index.name = "time_utc"
        name = title.split("`")[1]
        series, forecasts = out / f"{name}.csv", out / f"{name}.forecasts.csv"
        table.round(4).to_csv(series)
        until = table.index[len(table) * 2 // 3]
        began = time.monotonic()
        answer = subprocess.run(
            [pems, "evaluate", "rooms", "--data", series, "--time-zone", zone]
            + ["--train-until", until, "--out", forecasts, "--json"],
            capture_output=True, text=True, check=True,
        )
        seconds = time.monotonic() - began
        result = json.loads(answer.stdout)
        now, yesterday = references(pd.read_csv(forecasts), table)
        models = ", ".join(f"{room['model']} {room['nodes']}" for room in result["rooms"])
        print(
            f"| {title} | {now:.2f} | {yesterday:.2f} | **{result['mae_k']:.3f}** "
            f"| {100 * result['coverage']:.0f} % | {models} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
