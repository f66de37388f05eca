import type { LauncherConfig } from '../config.ts';
import { DEMO_ACCOUNTS } from '../prisma/seed.ts';
import { issuerUrl, metricsAddress } from './application.ts';
import { CLIENT_ID, DEMO_PASSWORD } from './demo-login.ts';

type Started = { config: LauncherConfig; apiUrl: string; temporalAddress: string; logFolder: string; took: string };

/** What a newcomer needs once everything runs: where to go, who to be, how to get a token. */
export const welcome = ({ config, apiUrl, temporalAddress, logFolder, took }: Started): string => {
  const places = [
    ['API', `${apiUrl}/api/v1`],
    ['接口文档 / docs', `${apiUrl}/docs`],
    ['登录 / issuer', config.oidcIssuer ?? issuerUrl(config)],
    ['Temporal', `${temporalAddress} (namespace ${config.temporalNamespace})`],
    ...(config.metricsPort === 0
      ? []
      : [
          ['指标 / metrics', `http://${metricsAddress(config, 0)}/metrics … ${metricsAddress(config, config.workers)}`],
        ]),
    ['数据 / data', config.dataFolder],
    ['日志 / logs', logFolder],
  ];
  const lines = places.map(([what = '', where = '']) => `  ${where.padEnd(48)} ${what}`);
  const accounts = config.oidcIssuer === undefined ? demoAccounts(config) : [];
  return ['', `系统已就绪 / ready (${took})`, '', ...lines, ...accounts, '', 'Ctrl-C 停止 / stops everything', ''].join(
    '\n',
  );
};

const demoAccounts = (config: LauncherConfig): string[] => {
  const offices = new Map<string, string[]>();
  for (const { office, username } of DEMO_ACCOUNTS) offices.set(office, [...(offices.get(office) ?? []), username]);
  const lines = [...offices].map(([office, usernames]) => `  ${office}\n    ${usernames.join('  ')}`);
  const form = `-d grant_type=password -d client_id=${CLIENT_ID} -d username=town1.clerk -d password=${DEMO_PASSWORD}`;
  return [
    ...['', `演示账号,密码均为 ${DEMO_PASSWORD} / demo accounts, all with the password ${DEMO_PASSWORD}`, ...lines],
    ...['', '取令牌 / a token:', `  curl -s ${form} ${issuerUrl(config)}/token`],
  ];
};
