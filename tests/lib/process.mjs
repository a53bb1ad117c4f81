// Other programs: how they are built for tests, run and read.

import { spawn } from 'node:child_process';

const sanitize = process.env.SANITIZE ?? '';

/** The folder the programs under test are in, below the checkout. */
export function buildFolder({ release = false } = {}) {
  return `build${release ? '' : '-test'}${sanitize ? '-asan' : ''}`;
}

/** make's arguments for what is tested; release has no injected clock. */
export function makeArguments(what, { release = false } = {}) {
  return [
    '--no-print-directory', '-s', '-k', '-j2', '-f', 'scripts/build.mk', what,
    `TEST_CLOCK=${release ? '' : '1'}`, `SANITIZE=${sanitize}`,
    `BUILD=${buildFolder({ release })}`,
  ];
}

/**
 * Runs a program to its end: { code, how, stdout, stderr, output }.  A signal
 * or the timeout gives code null, and how says which.
 */
export function capture(program, args, options = {}) {
  const { input, env, cwd, timeout = 60_000 } = options;

  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const out = { stdout: [], stderr: [], output: [] };
    let late = false;

    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);

    for (const name of ['stdout', 'stderr']) {
      child[name].on('data', (bytes) => {
        out[name].push(bytes);
        out.output.push(bytes);
      });
    }

    const end = (code, how) => {
      clearTimeout(timer);
      const text = (list) => Buffer.concat(list).toString();
      resolve({
        code,
        how: late ? `killed after ${timeout / 1000} s` : how,
        stdout: text(out.stdout),
        stderr: text(out.stderr),
        output: text(out.output),
      });
    };

    child.on('error', (error) => {
      out.output.push(Buffer.from(String(error)));
      end(null, error.code);
    });
    child.on('close', (code, signal) => {
      end(code, signal ? `signal ${signal}` : `exit ${code}`);
    });

    if (input !== undefined) {
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    }
  });
}
