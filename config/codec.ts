import { z } from 'zod';
import type { Setting } from '../config.ts';

/** The codec server, by which the engine's own pages show what lies sealed in its histories. */
export const CODEC_SETTINGS = {
  codecOrigins: {
    name: 'CODEC_ORIGINS',
    zh: '允许调用 /codec 的 Temporal 页面的来源,以逗号分隔;不填则任何网页都不能调用',
    en: 'origins of the Temporal UI that may call /codec, separated by commas; no page may when absent',
    example: 'https://temporal.example.org',
    secret: false,
    schema: z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
      .refine((origins) => origins.every(isOrigin)),
  },
} as const satisfies Record<string, Setting>;

/** Scheme, host and port, nothing else: compared as text with what browsers send. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
