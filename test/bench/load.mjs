// A small load generator over keep-alive sockets: it costs less than a client library, so that the servers get the machine.
import { connect } from 'node:net';
import { percentile, rounded } from './figures.mjs';

/** One HTTP/1.1 request as bytes. */
export function request(method, path, { cookie, csrf, key, body } = {}) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(cookie ? [`cookie: sanad_session=${cookie}`] : []),
    ...(csrf ? [`x-csrf-token: ${csrf}`] : []),
    ...(key ? [`idempotency-key: ${key}`] : []),
    ...(text ? ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`] : []),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${text}`;
}

/** Sends one request after the other over one socket; `each` gets the status and the body. */
class Connection {
  #socket;
  #waiting;
  #bytes = Buffer.alloc(0);

  constructor(port) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  send(text) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(text);
    });
  }

  end() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const head = this.#bytes.indexOf('\r\n\r\n');
    if (head < 0) return;
    const headers = this.#bytes.toString('latin1', 0, head);
    const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0);
    if (this.#bytes.length < head + 4 + length) return;
    const body = this.#bytes.subarray(head + 4, head + 4 + length);
    const status = Number(headers.slice(9, 12));
    this.#bytes = Buffer.alloc(0);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve({ status, body });
  }
}

/** Asks `port` over some connections for some seconds. `next` makes the bytes of the next request. */
export async function drive({ port, connections, seconds, next, expect = 200, processorSeconds = () => 0 }) {
  const latencies = [];
  const used = processorSeconds();
  const end = performance.now() + seconds * 1000;
  const since = performance.now();
  const worker = async () => {
    const connection = new Connection(port);
    try {
      while (performance.now() < end) {
        const text = next();
        if (text === undefined) throw new Error('the prepared data is used up: prepare more of it');
        const from = performance.now();
        const { status, body } = await connection.send(text);
        latencies.push(performance.now() - from);
        if (status !== expect) throw new Error(`answered ${status}: ${body.toString().slice(0, 400)}`);
      }
    } finally {
      connection.end();
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return {
    count: latencies.length,
    seconds: (performance.now() - since) / 1000,
    processor: processorSeconds() - used,
    latencies,
  };
}

/** One request and its answer as JSON. */
export async function ask(port, text) {
  const connection = new Connection(port);
  try {
    const { status, body } = await connection.send(text);
    return { status, body: body.length > 0 ? JSON.parse(body.toString()) : undefined };
  } finally {
    connection.end();
  }
}

/**
 * Drives several sides in turns, so that whatever the machine does meanwhile falls on all alike. The first turn of each warms up and
 * does not count.
 * @param {Record<string, object>} sides arguments of {@link drive} by name
 */
export async function interleave(sides, { rounds, seconds, connections }) {
  const results = Object.fromEntries(
    Object.keys(sides).map((name) => [name, { count: 0, seconds: 0, processor: 0, latencies: [] }]),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const turn = await drive({ connections, seconds, ...side });
      if (round === 0) continue;
      const result = results[name];
      result.count += turn.count;
      result.seconds += turn.seconds;
      result.processor += turn.processor;
      for (const latency of turn.latencies) result.latencies.push(latency);
    }
  }
  for (const result of Object.values(results)) {
    result.rate = result.count / result.seconds;
    /** Milliseconds of processor time that a request took of the server, which hardly depends on what else the machine does. */
    result.cost = (result.processor * 1000) / result.count;
    result.p50 = percentile(result.latencies, 0.5);
    result.p99 = percentile(result.latencies, 0.99);
  }
  return results;
}

export const told = ({ rate, p50, p99, cost }) =>
  `${Math.round(rate)} a second, p50 ${rounded(p50, 1)} ms, p99 ${rounded(p99, 1)} ms, processor ${rounded(cost, 3)} ms a request`;
