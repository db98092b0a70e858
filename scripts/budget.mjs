/**
 * What the touchstone (`tests/architecture/touchstone.tsx`) may cost a browser, in bytes after minification and gzip -9,
 * React left out. One kB is 1,000 bytes.
 */
export const budget = {
  /** What must arrive before the app can start: the entry chunk and all that it imports statically. */
  entry: 15_000,
  /**
   * The same with every chunk that is loaded later: storage, sync, signing. The aim is 30,000; this is a ceiling, so that it
   * only falls.
   */
  all: 64_800,
}

/** What few or other threads load: listed, and not counted in `all`. A file belongs to the first whose module it contains. */
export const apart = [
  { name: 'signing where WebCrypto has no Ed25519', module: /[\\/]crypto[\\/]noble\.js/ },
  { name: 'checkpoints of long logs, and what goes wrong or is left', module: /[\\/]repository[\\/]seldom\.js/ },
  { name: 'following another tab, changed schemas, what earlier sessions left', module: /[\\/]store[\\/]seldom\.js/ },
  { name: 'showing the past because devtools say so', module: /[\\/]hooks[\\/](drive|travelled)\.js/ },
  { name: 'history, where an app shows or records it', module: /[\\/]store[\\/]history[\\/]part\.js/ },
  { name: 'items at a moment, where a hook shows one', module: /[\\/]hooks[\\/]past-item\.js/ },
  {
    name: 'beginning from a keyframe, and what lies below one',
    module: /[\\/](store[\\/]past-part|repository[\\/]clone|history[\\/]keyframe|sync[\\/]briefs)\.js/,
  },
  { name: 'inflating where the platform cannot', module: /[\\/]fflate[\\/]/ },
  { name: 'logs in IndexedDB or memory, where there is no OPFS', module: /[\\/]storage[\\/]fallback\.js/ },
  { name: 'the OPFS worker, in its own thread', module: /[\\/]storage[\\/]opfs-worker\.js/ },
]
