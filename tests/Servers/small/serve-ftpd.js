'use strict';
// Runs ftpd as the settings (a JSON file, by ../ftp-server) say.
const { FtpServer } = require('ftpd');
const settings = require('./settings');

const roots = new WeakMap();
const server = new FtpServer(settings.masquerade || settings.host, {
  getInitialCwd: () => '/',
  getRoot: connection => roots.get(connection),
  pasvPortRangeStart: settings.highest ? settings.lowest : null,
  pasvPortRangeEnd: settings.highest || null,
});
server.on('error', error => { throw error; });
server.on('client:connected', connection => {
  let user;
  connection.on('command:user', (name, success) => {
    user = name;
    success();
  });
  connection.on('command:pass', (password, success, failure) => {
    const root = settings.rootOf(user, password);
    if (!root) return failure();
    roots.set(connection, root);
    success(user);
  });
});
server.listen(settings.port, settings.host, settings.drop);
