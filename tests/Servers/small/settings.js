'use strict';
// What ../ftp-server wants of the two servers, and what they have in common.
const settings = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));

/** The folder that an account sees as /; null if there is no such account, or not with this password. */
exports.rootOf = (user, password) => {
  if (user === 'anonymous' || user === 'ftp') return settings.anonymous;
  return user === settings.user && password === settings.password ? settings.root : null;
};

/** Gives up root's rights, for those of "daemon". */
exports.drop = () => {
  process.setgroups([]);
  process.setgid(1);
  process.setuid(1);
};

Object.assign(exports, settings);
