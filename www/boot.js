// How the page comes to its code: one script and one WebAssembly module, fetched and compiled once, for the page and for all its workers.
// Rust calls `startWorker`; `index.html` calls `load`, and the one-file page `unpack`.
'use strict';

/** The page with its files beside it. */
function load(glue, wasm) {
  // Neither a sandbox nor a file may read its neighbours; the page in one file needs none.
  if (origin === 'null') return location.replace(`retailq.html${location.hash}`);
  start(fetch(glue).then(sound).then(reply => reply.text()), fetch(wasm).then(sound).then(compile)).then(keepOffline);
}

function sound(reply) {
  if (!reply.ok) throw new Error(`${reply.url}: ${reply.status}`);
  return reply;
}

/** While it arrives, where the host names its type right. */
async function compile(reply) {
  if (reply.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(reply);
  return WebAssembly.compile(await reply.arrayBuffer());
}

/** The page in one file: the elements with these ids hold the script, and the module in zlib and base64. */
function unpack(glue, wasm) {
  const text = id => document.getElementById(id).textContent;
  const packed = Uint8Array.from(atob(text(wasm)), letter => letter.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  start(text(glue), new Response(plain).arrayBuffer().then(bytes => WebAssembly.compile(bytes)));
}

/** Runs the script here, and in as many workers as are asked for. */
async function start(glue, wasm) {
  try {
    const [script, module] = await Promise.all([glue, wasm]);
    const answer = 'onmessage = event => wasm_bindgen.initSync({ module: event.data });';
    const thread = URL.createObjectURL(new Blob([script, answer], { type: 'text/javascript' }));
    self.startWorker = () => {
      const worker = new Worker(thread);
      worker.postMessage(module);
      return worker;
    };
    const element = document.createElement('script');
    element.textContent = script;
    document.head.append(element);
    await wasm_bindgen({ module_or_path: module });
  } catch (error) {
    document.body.append(document.querySelector('noscript').textContent);
    throw error;
  }
}

/** Keeps the page for visits without a network: where it was published for that, and only as a page of its own. */
function keepOffline() {
  const script = document.querySelector('meta[name=offline]')?.content;
  if (script && self === top && !/[#&]embed=1/.test(location.hash)) navigator.serviceWorker?.register(script).catch(() => {});
}
