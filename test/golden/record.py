#!/usr/bin/env python3
"""Records what the real tools print in network namespaces, as golden files for the tests of the emulated commands.

  record.py SCENARIO.txt OUT.json        root; iproute2, net-tools, iputils-ping, traceroute, procps

A scenario is a list of lines. `node NAME` makes a namespace, `link A:IF B:IF` a veth pair (MAC addresses 02:00:00:00:NN:PP by
order), `NAME> command` runs a command and records its output and exit code, `NAME! command` runs it unrecorded,
`sleep S` waits, `#` starts a comment. IPv6 is off in every namespace, because the simulator has none. The names of the
namespaces are hidden from the commands, as they are inside containers.
"""
import json, os, subprocess, sys, time

PREFIX = f'cmd{os.getpid()}-'

def sh(text):
    subprocess.run(text, shell=True, check=True)

def run(node, command):
    inside = f'mount -t tmpfs none /run/netns; {command}'
    p = subprocess.run(['nsenter', f'--net=/run/netns/{PREFIX}{node}', 'unshare', '-m', 'sh', '-c', inside], capture_output=True, text=True, timeout=20,
                       env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C', 'TERM': 'dumb'})
    return {'node': node, 'command': command, 'stdout': p.stdout, 'stderr': p.stderr, 'exitCode': p.returncode}

def version(command):
    p = subprocess.run(command, shell=True, capture_output=True, text=True)
    return (p.stdout + p.stderr).strip().split('\n')[0]

def main():
    scenario, out = sys.argv[1], sys.argv[2]
    nodes, links, steps, next_index = [], [], [], {}
    try:
        for line in open(scenario):
            line = line.strip()
            if not line or line.startswith('#'): continue
            words = line.split()
            if words[0] == 'node':
                nodes.append(words[1]); next_index[words[1]] = 10 * len(nodes) - 8; name = PREFIX + words[1]
                sh(f'ip netns add {name}; ip netns exec {name} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.ipv4.fib_multipath_hash_seed=1; ip -n {name} link set lo up')
            elif words[0] == 'link':
                (a, ai), (b, bi) = (w.split(':') for w in words[1:3])
                n = len(links); links.append({'a': a, 'aName': ai, 'b': b, 'bName': bi})
                macs = [f'02:00:00:00:{n:02x}:{p:02x}' for p in (1, 2)]
                indexes = [next_index[a], next_index[b]]
                for node in (a, b): next_index[node] += 1
                links[-1].update(aIndex=indexes[0], bIndex=indexes[1], aMac=macs[0], bMac=macs[1])
                sh(f'ip link add {ai} index {indexes[0]} netns {PREFIX}{a} type veth peer name {bi} index {indexes[1]} netns {PREFIX}{b}')
                for node, name, mac in ((a, ai, macs[0]), (b, bi, macs[1])):
                    sh(f'ip -n {PREFIX}{node} link set {name} address {mac}; ip -n {PREFIX}{node} link set {name} up')
            elif words[0] == 'sleep':
                time.sleep(float(words[1])); steps.append({'sleepSeconds': float(words[1])})
            else:
                kind = words[0][-1]; assert kind in '>!', line
                step = run(words[0][:-1], line[len(words[0]):].strip())
                if kind == '!':
                    assert step['exitCode'] == 0, step
                    step = {'node': step['node'], 'command': step['command'], 'unrecorded': True}
                steps.append(step)
    finally:
        for n in nodes: subprocess.run(['ip', 'netns', 'del', PREFIX + n])
    golden = {
        'provenance': {'kernel': version('uname -r'), 'iproute2': version('ip -V'), 'net-tools': version('route --version'), 'iputils': version('ping -V'),
                       'traceroute': version('traceroute -V'), 'recordedBy': 'test/golden/record.py', 'scenario': scenario.split('/')[-1]},
        'nodes': nodes, 'links': links, 'steps': steps,
    }
    json.dump(golden, open(out, 'w'), indent=1); open(out, 'a').write('\n')

main()
