# SPDX-License-Identifier: MIT
"""Times pvlib's ModelChain on the weather of the sun benchmark; called by it.

usage: pvlib_chain.py WEATHER.csv MILLISECONDS_OF_PEMS
"""
import sys
import time

import numpy as np
import pandas as pd
import pvlib
from pvlib.location import Location
from pvlib.modelchain import ModelChain
from pvlib.pvsystem import Array, FixedMount, PVSystem

table = pd.read_csv(sys.argv[1])
ours = float(sys.argv[2])
weather = table[["ghi", "dni", "dhi", "temp_air", "wind_speed"]].copy()
weather.index = pd.to_datetime(table.unix_s, unit="s", utc=True)
mount = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["close_mount_glass_glass"]
system = PVSystem(
    [Array(FixedMount(tilt, azimuth), albedo=0.2,
           module_parameters=dict(pdc0=5000, gamma_pdc=-0.0035),
           temperature_model_parameters=mount) for tilt, azimuth in [(35, 180), (15, 90)]],
    inverter_parameters=dict(pdc0=8000), losses_parameters={})
chain = ModelChain(system, Location(49.2, 16.6, altitude=237), aoi_model="physical",
                   spectral_model="no_loss", temperature_model="sapm", losses_model="pvwatts")
chain.run_model(weather)
runs = []
for _ in range(7):
    start = time.process_time()
    chain.run_model(weather)
    runs.append(1e3 * (time.process_time() - start))
sun = []
for _ in range(5):
    start = time.process_time()
    chain.location.get_solarposition(weather.index, temperature=weather.temp_air)
    sun.append(1e3 * (time.process_time() - start))
power = chain.results.ac.fillna(0).values
difference = np.abs(power - table.power.values)
print(f"pvlib {pvlib.__version__} ModelChain: median {np.median(runs):.1f} ms, "
      f"fastest {min(runs):.1f} ms; of it solar position {np.median(sun):.1f} ms")
print(f"  pems is {np.median(runs) / ours:.1f} times as fast; largest difference of power "
      f"{difference.max():.4f} W of {power.max():.0f} W")
