import { z } from 'zod';
import type { Setting } from '../config.ts';

/** Settings of what stands between the API and the outside. */
export const HARDENING_SETTINGS = {
  // `[not in the sources]`: GB/T 22239 8.1.4.5 asks for protection against malware, not for a product.
  clamdAddress: {
    name: 'CLAMD_ADDRESS',
    zh: 'ClamAV(clamd)地址,主机:端口;填写后每份材料先查毒再保存,查不了就不收',
    en: 'address of a ClamAV daemon, host:port; when set, every document is scanned before it is kept, and none is kept unscanned',
    example: '127.0.0.1:3310',
    secret: false,
    schema: z
      .string()
      .regex(/^[^\s:/]+:\d{1,5}$/)
      .optional(),
  },
} as const satisfies Record<string, Setting>;
