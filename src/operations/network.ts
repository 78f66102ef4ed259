import { createNetworkEdge, type NetworkEdge } from '../calls/network-edge.ts';
import { parseDurationMs } from '../core/config/duration.ts';
import type { Workspace } from './workspace.ts';

const edges = new WeakMap<Workspace, Map<number, NetworkEdge>>();

/**
 * The edge to the network with the limits of the configuration: time-outs, repetitions, circuit breaker. One a workspace
 * and time-out, so that a circuit stays open from one look to the next.
 */
export const openNetworkEdge = (
  workspace: Workspace,
  timeoutMs = parseDurationMs(workspace.config.network.timeout),
): NetworkEdge => {
  const known = edges.get(workspace) ?? new Map<number, NetworkEdge>();
  edges.set(workspace, known);
  const edge = known.get(timeoutMs) ?? createEdge(workspace, timeoutMs);
  known.set(timeoutMs, edge);
  return edge;
};

const createEdge = ({ config: { network } }: Workspace, timeoutMs: number): NetworkEdge =>
  createNetworkEdge({
    timeoutMs,
    retries: network.retries,
    breaker: {
      failures: network.breaker.failures,
      cooldownMs: parseDurationMs(network.breaker.cooldown),
      successes: network.breaker.successes,
    },
  });
