// People of a platform that is measured, who hold sessions.

import { fetchOnce } from './load.mjs';
import { PASSWORD, People } from '../lib/people.mjs';

/** Hashing is not measured here, and a session lasts as long as a bench. */
export const GOVD = 'password-memory 64K\npassword-passes 1\n';

const LONG = { name: 'security', rules: [
  { from: '2018-01-01', contact: 'mailto:bench@localhost', idle: 720,
    absolute: 720 }] };

export async function staff(p, host, agent) {
  await p.command('policy.put', LONG);
  return new People({
    run: (command, input) => p.command(command, input),
    now: () => Date.now(),
    send: async (method, path, { headers, body }) => {
      const { status, headers: said, bytes } = await fetchOnce({
        url: `http://127.0.0.1:${p.port}${path}`, method, body, agent,
        headers: { ...headers, host } });
      return { status, headers: said, text: bytes.toString() };
    },
  });
}

/** An account with these roles, signed in. */
export async function signedIn(people, login, roles) {
  await people.account({ login, roles, password: PASSWORD });
  return people.signIn(login);
}
