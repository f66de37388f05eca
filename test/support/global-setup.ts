import { mkdtempSync } from 'node:fs';
import { findFreePorts } from '../../embedded/ports.ts';
export default async (): Promise<void> => { const d: string = mkdtempSync('/tmp/x-'); console.log('setup', d, import.meta.url, await findFreePorts(3)); };
