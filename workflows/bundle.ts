// Everything a worker can run: the procedures of the cases and the system's own.
import { declareVersioning } from './versioning.ts';

export * from './index.ts';
export * from './others.ts';

declareVersioning();
