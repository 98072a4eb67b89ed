/*
 * What breaks and mends a lab, and what its machine's commands do to it: one implementation for scenario steps and for the
 * shell.
 */
export { agentDown, agentUp, setApiServerReachable } from './actions/agent.ts'
export { daemonDown, daemonUp } from './actions/daemon.ts'
export { findCable, setLink } from './actions/link.ts'
export { impairDevice, impairLink } from './actions/netem.ts'
export { nodeDown, nodeUp, stopNodes } from './actions/node.ts'
export { findPods, killPod } from './actions/pod.ts'
