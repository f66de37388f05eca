import { z } from 'zod';
import type { Setting } from '../config.ts';

/** Settings of what the system tells about itself: figures, traces. */
export const TELEMETRY_SETTINGS = {
  metricsAddress: {
    name: 'METRICS_ADDRESS',
    zh: '本进程 Prometheus 指标的监听地址,主机:端口;不填则不监听。不要求登录,只应开放给监控网络',
    en: 'where this process answers Prometheus, host:port; without it, it does not. Asks for no login: for the monitoring network only',
    example: '127.0.0.1:9464',
    secret: false,
    schema: z
      .string()
      .regex(/^[^\s:/]+:\d{1,5}$/)
      .refine((text) => Number(text.split(':')[1]) <= 65_535)
      .optional(),
  },
  metricsStoreSeconds: {
    name: 'METRICS_STORE_SECONDS',
    zh: '由数据库统计的指标每隔多少秒重新统计一次(全部 worker 合计一次)',
    en: 'seconds between two counts of the figures that are counted in the store (one count for all workers together)',
    example: '30',
    secret: false,
    schema: z.coerce.number().int().min(1).max(3_600).default(30),
  },
  otlpEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    zh: '链路追踪(OTLP/HTTP)接收端地址;不填则不追踪',
    en: 'address of the OTLP/HTTP collector traces are sent to; without it there are none',
    example: 'http://127.0.0.1:4318',
    secret: false,
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  traceRatio: {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    zh: '被追踪的请求所占比例,0 至 1',
    en: 'share of the requests that are traced, 0 to 1',
    example: '0.05',
    secret: false,
    schema: z.coerce.number().min(0).max(1).default(0.05),
  },
} as const satisfies Record<string, Setting>;

export interface TelemetrySettings {
  metricsAddress?: string | undefined;
  metricsStoreSeconds: number;
  otlpEndpoint?: string | undefined;
  traceRatio: number;
}
