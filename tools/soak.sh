#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs pems for SOAK_MINUTES (30) against a real mosquitto and the independent simulators of the
# reference material: one home with a Loxone Miniserver and a Growatt stick on MQTT, one with a
# Growatt SPH over Modbus. Prints what was commanded, confirmed and failed; fails when anything failed.
# PEMS_SIMULATOR_PYTHON names a Python with paho-mqtt, pymodbus and tzdata (else setup's own).
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${SOAK_MINUTES:-30}
pems=${PEMS:-.build/debug/pems}
python=$PWD/.deps/simulators/bin/python3
[ -x "$python" ] || python=python3
python=${PEMS_SIMULATOR_PYTHON:-$python}
simulators=$PWD/../shared/simulators
[ -d "$simulators" ] || { echo "soak: no simulators beside the project: $simulators" >&2; exit 1; }
"$python" -c 'import paho.mqtt, pymodbus, tzdata' || { echo "soak: $python lacks paho-mqtt, pymodbus or tzdata" >&2; exit 1; }
folder=${SOAK_FOLDER:-build/soak}
rm -rf "$folder"; mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() { local log=$1; shift; "$@" >"$folder/$log.log" 2>&1 & pids+=($!); last=$!; }

broker=$(free_port); modbus=$(free_port)
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$broker" >"$folder/mosquitto.conf"
start mosquitto "$(command -v mosquitto || echo /usr/sbin/mosquitto)" -c "$folder/mosquitto.conf"
sleep 1
export PYTHONDONTWRITEBYTECODE=1
cd "$simulators"
start growatt "$python" growatt_mqtt.py --port "$broker" --every 5
start loxone "$python" loxone_sim.py --mqtt "$broker" --http "$(free_port)" --udp-in "$(free_port)" --udp-to "127.0.0.1:$(free_port)"
start modbus "$python" modbus_devices.py growatt-sph --port "$modbus" --atomic-slots
cd - >/dev/null
sleep 2
export PEMS_BROKER_PORT=$broker PEMS_MODBUS_PORT=$modbus
PEMS_STATE=$folder/mqtt start pems-mqtt "$pems" run --config Examples/simulated-devices/pems.yaml --simulated-outlook 1; first=$last
PEMS_STATE=$folder/modbus start pems-modbus "$pems" run --config Examples/simulated-devices/modbus.yaml --simulated-outlook 2; second=$last
sleep 60
before=$(awk '/VmRSS/ {print $2}' "/proc/$first/status")
sleep $((minutes * 60 - 60))
after=$(awk '/VmRSS/ {print $2}' "/proc/$first/status")
kill -TERM "$first" "$second"; wait "$first" "$second"
python3 - "$folder" "$before" "$after" <<'PY'
import collections, glob, json, sys
folder, before, after = sys.argv[1:]
bad = 0
for home in ("mqtt", "modbus"):
    deliveries = [json.loads(l) for f in glob.glob(f"{folder}/{home}/*.deliveries.jsonl") for l in open(f)]
    events = collections.Counter(json.loads(l)["event"] for l in open(f"{folder}/pems-{home}.log"))
    end = [json.loads(l) for l in open(f"{folder}/pems-{home}.log") if '"event":"end"' in l][-1]
    decisions = [json.loads(l) for f in glob.glob(f"{folder}/{home}/*.journal.jsonl") for l in open(f)]
    seconds = sorted(d["seconds"] for d in deliveries) or [0]
    outcomes = [json.loads(l) for f in glob.glob(f"{folder}/{home}/*.outcomes.jsonl") for l in open(f)]
    whole = sum("battery" in o["planned"] and "battery" in o["measured"] and "wantedBattery" in o for o in outcomes)
    failed = events["command_failed"] + events["degraded"] + events["hand_back_failed"]
    bad += failed + (not deliveries) + (whole < len(decisions)) + (end["sent"] != end["confirmed"])
    print(f"{home}: {len(decisions)} decisions, {end['sent']} commands sent, {end['confirmed']} confirmed, "
          f"{end['changes']} of them changes, {failed} failed, "
          f"{whole} cycles with planned, commanded and measured power stored, worst beat {end['worst_gap_seconds']:.2f} s; "
          f"confirmation median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s")
print(f"memory: {before} kB after one minute, {after} kB at the end")
sys.exit(bad > 0)
PY
