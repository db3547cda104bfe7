'use strict';
// Runs ftp-srv as the settings (a JSON file, by ../ftp-server) say.
const { FtpSrv, ftpErrors } = require('ftp-srv');
const settings = require('./settings');

const quiet = { child: () => quiet };
for (const level of ['trace', 'debug', 'info', 'warn']) quiet[level] = () => {};
quiet.error = (...about) => console.error(...about);

// It looks for a free passive port from the lowest on, and takes it a little later: another server must not look there too.
const lowest = settings.highest ? settings.lowest : settings.port - 10000;
const server = new FtpSrv({
  url: `ftp://${settings.host}:${settings.port}`,
  pasv_url: settings.masquerade || settings.host,
  pasv_min: lowest,
  pasv_max: settings.highest || lowest + 999,
  log: quiet,
});
server.on('login', ({ username, password }, resolve, reject) => {
  const root = settings.rootOf(username, password);
  if (root) resolve({ root });
  else reject(new ftpErrors.GeneralError('Authentication failed', 530));
});
// Of a client that is gone; without a listener for it, the server would go too.
server.on('client-error', ({ error }) => console.error(error));
server.listen().then(settings.drop);
