import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * One connection between two programs, made breakable: a TCP proxy that passes everything on until it is told to behave
 * like a bad network. What is told holds for connections that are open and for those that come.
 */
export interface Link {
  /** who → whom, e.g. `worker-1 → postgres` */
  name: string;
  host: string;
  port: number;
  behave(how: Behaviour): void;
  /** ends every open connection with a reset, as a router that has forgotten them does */
  reset(): void;
  /** every open connection falls silent for good and nobody is told: half-open, as after a failover; new ones are well */
  forget(): void;
  close(): Promise<void>;
}

export interface Behaviour {
  /** milliseconds by which every piece is late, in both directions */
  latencyMs?: number;
  /** nothing gets through in this direction any more, and nobody is told; what was sent arrives when the cut is over */
  cut?: 'THERE' | 'BACK' | 'BOTH';
  /** nobody is at home: new connections are ended at once */
  refuse?: boolean;
  /** bytes a second towards whoever asked */
  slowBytes?: number;
  /** the next answer that is longer breaks off after so many bytes, with a reset; once */
  breakAfterBytes?: number;
}

export const HEALTHY: Behaviour = {};
const TICK_MS = 25;

export async function openLink(name: string, target: { host: string; port: number }, host: string): Promise<Link> {
  const pairs = new Set<Pair>();
  let behaviour: Behaviour = HEALTHY;
  const current = (): Behaviour => behaviour;
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (behaviour.refuse) return void client.resetAndDestroy();
    const pair = openPair(client, connect({ ...target, allowHalfOpen: true, noDelay: true }), current);
    pairs.add(pair);
    pair.over(() => pairs.delete(pair));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`${name} has no port`);
  const all = (act: (pair: Pair) => void): void => [...pairs].forEach(act);
  return {
    name,
    host,
    port: address.port,
    behave(how) {
      behaviour = how;
      all((pair) => pair.moved());
    },
    reset: () => all((pair) => pair.reset()),
    forget: () => all((pair) => pair.forget()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        all((pair) => pair.reset());
      }),
  };
}

/** The same address, reached over the link. */
export function throughLink(url: string, { host, port }: Link): string {
  const changed = new URL(url);
  changed.hostname = host;
  changed.port = String(port);
  return changed.href;
}

interface Pair {
  moved(): void;
  reset(): void;
  forget(): void;
  over(then: () => void): void;
}

function openPair(client: Socket, server: Socket, network: () => Behaviour): Pair {
  let forgotten = false;
  const behaviour = (): Behaviour => (forgotten ? { cut: 'BOTH' } : network());
  const reset = (): void => {
    client.resetAndDestroy();
    server.resetAndDestroy();
  };
  const there = pipe(client, server, behaviour, 'THERE', reset);
  const back = pipe(server, client, behaviour, 'BACK', reset);
  for (const socket of [client, server]) socket.on('error', reset);
  return {
    reset,
    forget: () => void (forgotten = true),
    moved() {
      there();
      back();
    },
    over(then) {
      client.once('close', () => {
        then();
        // Half a connection is none: whoever is left is told at once.
        server.destroy();
      });
      server.once('close', () => client.destroy());
    },
  };
}

/** Carries pieces one way, each when it is due; answers what has to be called when the behaviour has changed. */
function pipe(
  from: Socket,
  to: Socket,
  behaviour: () => Behaviour,
  way: 'THERE' | 'BACK',
  reset: () => void,
): () => void {
  const waiting: Array<{ piece: Buffer | null; at: number }> = [];
  let timer: NodeJS.Timeout | undefined;

  const move = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { cut, slowBytes, latencyMs = 0 } = behaviour();
    if (cut === 'BOTH' || cut === way) return;
    for (let next = waiting[0]; next; next = waiting[0]) {
      const late = next.at + latencyMs - Date.now();
      if (late > 0) return void (timer = setTimeout(move, late));
      const { piece } = next;
      if (piece && slowBytes && way === 'BACK' && piece.length > (slowBytes * TICK_MS) / 1000) {
        const part = Math.max(1, Math.floor((slowBytes * TICK_MS) / 1000));
        to.write(piece.subarray(0, part));
        next.piece = piece.subarray(part);
        return void (timer = setTimeout(move, TICK_MS));
      }
      waiting.shift();
      if (piece === null) to.end();
      else if (breaks(piece)) return;
      else to.write(piece);
    }
    if (from.isPaused()) from.resume();
  };
  const breaks = (piece: Buffer): boolean => {
    const how = behaviour();
    if (way !== 'BACK' || how.breakAfterBytes === undefined || piece.length <= how.breakAfterBytes) return false;
    const { breakAfterBytes } = how;
    delete how.breakAfterBytes;
    // Written, then reset a moment later: the beginning of the answer does arrive.
    to.write(piece.subarray(0, breakAfterBytes));
    setTimeout(reset, 20);
    return true;
  };

  from.on('data', (piece: Buffer) => {
    waiting.push({ piece, at: Date.now() });
    if (waiting.length > 500) from.pause();
    move();
  });
  from.once('end', () => {
    waiting.push({ piece: null, at: Date.now() });
    move();
  });
  from.once('close', () => clearTimeout(timer));
  return move;
}
