# SPDX-License-Identifier: MIT
"""What acceptance tests need: a broker, simulators, a running pems and a spy, all on free ports."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import paho.mqtt.client as mqtt

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SIMULATORS = PROJECT.parent / "shared" / "simulators"
PEMS = os.environ.get("PEMS", str(PROJECT / ".build/debug/pems"))
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
HEATERS = dict(obyvak=2000, loznice=2000, koupelna=2000, detsky_pokoj=2000)

CONFIGURATION = """
version: 1
site: {{name: Acceptance, latitude: 49.195, longitude: 16.607, altitude_m: 237,
  time_zone: Europe/Prague, holidays: CZ, currency: CZK}}
grid: {{main_fuse_a: 16, phases: 3, voltage_v: 230, export_limit_w: 10000}}
tariff:
  import: {{spot: {{factor: 1, fee_per_kwh: 0.35}}}}
  value_added_tax_percent: 21
  export: {{spot: {{factor: 1, fee_per_kwh: 0.40}}}}
pv:
  inverter: {{rated_power_w: 10000, efficiency_percent: 97}}
  arrays: [{{name: south, peak_power_w: 8000, tilt_degrees: 35, azimuth_degrees: 180}}]
{battery}
comfort: {{house: {{usual: {{lower_c: 20, upper_c: 23}}}}}}
rooms:
{rooms}
safety: {{maximum_reading_age_min: 0.5}}
history: {{store: {folder}/store.db}}
control: {{stage: {stage}, cycle_min: 1, safety_seconds: {period}, state_folder: {folder}/state}}
mqtt: {{host: 127.0.0.1, port: {port}}}
devices:
  - {{name: miniserver, driver: loxone_heating, lease_seconds: 30, confirmation_seconds: 2}}
{devices}
{sections}
"""
BATTERY = """battery: {name: battery, capacity_kwh: 10, minimum_soc_percent: 10, maximum_soc_percent: 90,
  maximum_charge_w: 5000, maximum_discharge_w: 5000, charge_efficiency_percent: 96,
  discharge_efficiency_percent: 96, wear_cost_per_kwh: 0.5}"""
METER = "  - {name: meter, driver: mqtt_meter, topic: meter/grid, quantity: grid_power}"
INVERTER = "  - {name: inverter, driver: growatt_sph_mqtt, check_seconds: 5, answer_seconds: 2}"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait(seconds, condition, what="", every=0.1):
    """Waits for a condition and gives how long that took; fails when it does not come."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(every)
    raise AssertionError(f"did not come in {seconds} s: {what}")


class Broker:
    def __init__(self, folder):
        self.port, self.process = free_port(), None
        self.file = pathlib.Path(folder) / "mosquitto.conf"
        self.file.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(self.file)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(10, self.listens, "mosquitto")

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()


class Spy:
    """Everything that passes a broker, and a way to say something."""

    def __init__(self, port):
        self.messages = []
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="spy")
        self.client.on_connect = lambda c, *_: c.subscribe("#")
        self.client.on_message = lambda c, u, m: self.messages.append(
            (time.monotonic(), m.topic, m.payload.decode(errors="replace"), m.retain))
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port, 10)
        self.client.loop_start()

    def say(self, topic, payload, retain=False):
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.client.publish(topic, text, qos=1, retain=retain).wait_for_publish(5)

    def commands(self):
        return [m for m in self.messages if m[1].startswith("loxone/heating/") and m[1].endswith("/set")
                or "/command/" in m[1]]

    def last(self, topic):
        found = [m for m in self.messages if m[1] == topic]
        return found[-1][2] if found else None

    def stop(self):
        self.client.loop_stop()
        self.client.disconnect()


class Bench:
    """A broker, a spy, and any number of processes; all end with the `with`."""

    def __init__(self, stage="full", battery=True, period=1, broker_port=None, sections="", devices=""):
        self.folder = tempfile.mkdtemp(prefix="pems-acceptance-")
        self.broker = Broker(self.folder)
        self.spy = Spy(self.broker.port)
        self.processes = []
        self.period, self.pems = period, None
        rooms = "\n".join(
            f"  - {{name: {name}, comfort: house, heater: {{power_w: {watts}}}, priority: {10 * index},"
            f" thermal: {{heat_loss_w_per_k: 60, heat_capacity_kwh_per_k: 1.5}}}}"
            for index, (name, watts) in enumerate(HEATERS.items()))
        self.configuration = pathlib.Path(self.folder) / "pems.yaml"
        self.configuration.write_text(CONFIGURATION.format(
            battery=BATTERY if battery else "", rooms=rooms, folder=self.folder, stage=stage,
            period=period, port=broker_port or self.broker.port,
            devices=(INVERTER if battery else METER) + devices.rstrip(),
            sections=sections if "web:" in sections else f"{sections}\nweb: {{server: \"off\"}}"))
        self.program = PEMS

    def start(self, *arguments, **options):
        process = subprocess.Popen(list(arguments), stdout=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def simulator(self, name, *arguments):
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        return self.start(sys.executable, str(SIMULATORS / name), *map(str, arguments),
                          cwd=SIMULATORS, env=environment, stderr=subprocess.DEVNULL)

    def growatt(self, *arguments):
        return self.simulator("growatt_mqtt.py", "--port", self.broker.port, "--every", 1,
                              "--latency", 0.05, *arguments)

    def run_pems(self, environment=None):
        self.log_path = pathlib.Path(self.folder) / "pems.log"
        log = open(self.log_path, "a")
        self.pems = self.start(
            PEMS, "run", "--config", str(self.configuration), "--simulated-outlook", "1",
            stderr=log, env=dict(os.environ, **(environment or {})))
        return self.pems

    def events(self, kind):
        lines = [json.loads(line) for line in self.log_path.read_text().splitlines()
                 if line.startswith("{")]
        return [line for line in lines if line["event"] == kind]

    def end_pems(self):
        """Ends pems in an orderly way and gives the last line of its log."""
        self.pems.send_signal(signal.SIGTERM)
        self.pems.wait(40)
        return self.events("end")[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.spy.stop()
        for process in self.processes + [self.broker.process]:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
