import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLauncherConfig } from '../../config.ts';
import { lockFolder } from '../../embedded/checks.ts';
import { findFreePorts } from '../../embedded/ports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jingban-start-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `npm start`'s program to its end. All ports are free ones, so that nothing in use on this machine is met. */
const start = async (settings: Record<string, string>): Promise<{ code: number; output: string }> => {
  const first = await findFreePorts(11);
  const [api, issuer, postgres, temporal] = [first, first + 1, first + 2, first + 3].map(String);
  const ports = { API_PORT: api, ISSUER_PORT: issuer, POSTGRES_PORT: postgres, TEMPORAL_PORT: temporal };
  const env = {
    PATH: readLauncherConfig().environment['PATH'],
    HOME: folder,
    DATA_FOLDER: join(folder, 'data'),
    ...ports,
    ...settings,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'embedded/start.ts'],
      { cwd: root, env, timeout: 45_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      },
    );
  });
};

describe('the launcher', () => {
  it('says in both languages which port is taken and which setting moves it, and leaves nothing behind', async () => {
    const holder = createServer();
    const port = await findFreePorts(1);
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    const { code, output } = await start({ API_PORT: String(port) });
    holder.close();
    expect(code).toBe(1);
    expect(output).toContain(`端口 ${port}(API)已被占用`);
    expect(output).toContain(
      `port ${port} (API) is taken: stop the program that listens there, or choose another port with API_PORT`,
    );
    expect(existsSync(join(folder, 'data', 'launcher.pid'))).toBe(false);
    expect(existsSync(join(folder, 'data', 'postgres'))).toBe(false);
  });

  it('says which folder it cannot write to', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, output } = await start({ DATA_FOLDER: join(folder, 'file', 'data') });
    expect(code).toBe(1);
    expect(output).toContain('cannot be written to (ENOTDIR');
  });

  it('does not start a second time on a folder in use', async () => {
    const lock = await lockFolder(folder); // as a running launcher holds it
    const { code, output } = await start({ DATA_FOLDER: folder });
    lock.release();
    expect(code).toBe(1);
    expect(output).toContain(`is running already (process ${process.pid})`);
  });

  it('says when a database or an engine that was named cannot be reached', async () => {
    const nobody = await findFreePorts(1);
    const named = {
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${nobody}/x`,
      TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
    };
    const { code, output } = await start(named);
    expect(code).toBe(1);
    expect(output).toContain('the database of DATABASE_URL cannot be reached');
    expect(output).not.toContain('hunter2');
  });

  it('refuses the demo login where NODE_ENV is production', async () => {
    const { code, output } = await start({ NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(output).toContain('set OIDC_ISSUER');
  });

  it('ends with 78 and every wrong name when settings are wrong', async () => {
    const { code, output } = await start({ API_PORT: 'many', WORKERS: '0' });
    expect(code).toBe(78);
    expect(output).toContain('API_PORT is wrong');
    expect(output).toContain('WORKERS is wrong');
  });
});
