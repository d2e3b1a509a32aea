import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { StreamSupervisor } from '#libs/liveperson';

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What is counted, for `/metrics`. */
export class Metrics {
  readonly registry = new Registry();

  readonly commands = new Counter({
    name: 'cobridge_commands',
    help: 'Commands that the bridge has decided, by outcome.',
    labelNames: ['command', 'outcome'],
    registers: [this.registry],
  });

  readonly codes = new Counter({
    name: 'cobridge_codes_tried',
    help: 'Codes that agents typed, by what they were.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly commandSeconds = new Histogram({
    name: 'cobridge_command_seconds',
    help: 'From a command to its durable outcome.',
    buckets: LATENCY_SECONDS,
    registers: [this.registry],
  });

  readonly callbackAttempts = new Counter({
    name: 'cobridge_callback_attempts',
    help: 'Tries at delivering a callback, by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly callbackSeconds = new Histogram({
    name: 'cobridge_callback_seconds',
    help: 'How long a callback endpoint took to answer.',
    buckets: [...LATENCY_SECONDS, 5, 15],
    registers: [this.registry],
  });

  readonly streamStates = new Counter({
    name: 'cobridge_liveperson_stream_states',
    help: 'States that streams came to, with the reason.',
    labelNames: ['state', 'reason'],
    registers: [this.registry],
  });

  /** Of LivePerson's sockets. Those passed over unread are counted where they come. */
  readonly notifications: Counter<'outcome'>;

  constructor(connectedPages: () => number, streams: () => Pick<StreamSupervisor, 'counts' | 'passed'>) {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    collectDefaultMetrics({ register: this.registry });
    let known = 0;
    this.notifications = new Counter({
      name: 'cobridge_liveperson_notifications',
      help: 'Frames of LivePerson sockets: passed over unread, read, or malformed.',
      labelNames: ['outcome'],
      registers: [this.registry],
      collect() {
        const { passed } = streams();
        this.inc({ outcome: 'passed' }, passed - known);
        known = passed;
      },
    });
    new Gauge({
      name: 'cobridge_connected_pages',
      help: 'Pages connected to this bridge.',
      registers: [this.registry],
      collect() {
        this.set(connectedPages());
      },
    });
    new Gauge({
      name: 'cobridge_liveperson_streams',
      help: 'Streams that this bridge holds, by kind, state and reason.',
      labelNames: ['kind', 'state', 'reason'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { count, ...labels } of streams().counts()) this.set({ ...labels }, count);
      },
    });
  }
}
