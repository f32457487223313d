// The page without a network. `cargo xtask dist` puts the two values in, so that a browser sees a new script whenever any file changes.
'use strict';
const VERSION = '{version}';
const FILES = '{files}'.split(' ');

// Pages of several addresses may share a host: each has caches of its own.
const OWN = `retailq ${registration.scope} `;
const CACHE = OWN + VERSION;

addEventListener('install', event => {
  // Files that keep their names when they change are not to be had from the browser's memory; those named by their content it has just loaded.
  const request = file => new Request(file, { cache: /-[0-9a-f]{16}/.test(file) ? 'default' : 'no-cache' });
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES.map(request))).then(() => skipWaiting()));
});

addEventListener('activate', event => {
  const stale = name => name.startsWith(OWN) && name !== CACHE;
  const clean = names => Promise.all(names.filter(stale).map(name => caches.delete(name)));
  event.waitUntil(caches.keys().then(clean).then(() => clients.claim()));
});

addEventListener('fetch', event => {
  const { request } = event, kept = { cacheName: CACHE };
  const page = [registration.scope, `${registration.scope}index.html`].includes(request.url.split(/[?#]/)[0]);
  // The page comes from the network where there is one, so that a new edition is seen at once; its files are named by their content.
  if (page) event.respondWith(fetch(request.url, { cache: 'no-cache' }).catch(() => caches.match('./', kept)));
  else if (request.method === 'GET') event.respondWith(caches.match(request, kept).then(file => file ?? fetch(request)));
});
