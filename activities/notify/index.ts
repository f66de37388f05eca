import type { NotifySettings } from '../../config/notify.ts';
import { keepOnly, type Channel } from './channel.ts';
import { smtpChannel } from './smtp.ts';
import { webhookChannel } from './webhook.ts';

/** The channel the settings ask for; that they are complete was checked when they were read. */
export function createChannel({
  notify,
  smtpUrl,
  smtpFrom,
  webhookUrl,
  webhookSecret,
}: Partial<NotifySettings>): Channel {
  if (notify === 'smtp' && smtpUrl && smtpFrom) return smtpChannel(smtpUrl, smtpFrom);
  if (notify === 'webhook' && webhookUrl) return webhookChannel(webhookUrl, webhookSecret);
  return keepOnly;
}
