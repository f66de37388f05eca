import { execFileSync } from 'node:child_process';
import type { Service } from '../embedded/service.ts';

/** A machine of its own for one process: a network namespace with one cable, which can be pulled. */
export interface Network {
  /** where the process inside finds the outside */
  hostAddress: string;
  inside(service: Service): Service;
  pull(): void;
  plug(): void;
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'ignore' });

/** Undefined where this machine has no namespaces for us (not root, no `ip`); `number` tells runs at one time apart. */
export function openNetwork(number: number, undo: Array<() => void>, say: (line: string) => void): Network | undefined {
  const name = `jingban${number}`;
  const [outer, inner] = [`jb${number}o`, `jb${number}i`];
  const [hostAddress, address] = [`10.213.${number}.1`, `10.213.${number}.2`];
  try {
    ip('netns', 'add', name);
    // Its cable goes with it.
    undo.push(() => ip('netns', 'del', name));
    ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name);
    ip('addr', 'add', `${hostAddress}/24`, 'dev', outer);
    ip('link', 'set', outer, 'up');
    for (const inside of [
      ['addr', 'add', `${address}/24`, 'dev', inner],
      ['link', 'set', inner, 'up'],
      ['link', 'set', 'lo', 'up'],
    ])
      ip('-n', name, ...inside);
  } catch {
    say('no network namespaces on this machine (they need root and `ip`): cables are only pulled in the proxies');
    return undefined;
  }
  return {
    hostAddress,
    inside: (service) => ({
      ...service,
      command: {
        ...service.command,
        file: 'ip',
        args: ['netns', 'exec', name, service.command.file, ...service.command.args],
      },
    }),
    pull: () => ip('link', 'set', outer, 'down'),
    plug: () => ip('link', 'set', outer, 'up'),
  };
}
