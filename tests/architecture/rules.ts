/** Judges sources by the table of floors. Pure: names and texts in, violations out, so that every rule is tested on bad examples. */
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { BROWSER_DOORS, FORBIDDEN_NAMES, PACKAGES, PLACES, type Place } from './floors.js'
import { type Import, readSource, type Source } from './imports.js'

export type Rule =
  | 'upward' // imports a higher floor, a test, or what is not shipped
  | 'sideways' // imports another folder of its own floor
  | 'stranger' // imports a lower place that the table does not let it know
  | 'cycle' // files that import each other in a circle
  | 'barrel' // hands on names that it does not own
  | 'door' // a door that does more than list names, or is walked past
  | 'name' // a folder or file whose name says nothing
  | 'node' // a module of Node where it may not be
  | 'react' // React where it may not be
  | 'package' // a dependency where the table does not let it be
  | 'dependency' // a package that package.json does not list
  | 'missing' // a file that does not exist
  | 'computed' // an import whose target nobody can tell
  | 'placeless' // a file that has no place in the table

export interface Violation {
  readonly rule: Rule
  readonly path: string
  readonly line: number
  readonly message: string
}

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, string | { readonly default: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const SOURCE = /\.(ts|tsx|mts|js|jsx|mjs)$/
const TEST = /\.test(-d)?\.tsx?$/

/** Every violation in `files` (path relative to the repository → text; the text of anything but a source is not looked at). */
export function findViolations(files: ReadonlyMap<string, string>, manifest: Manifest): Violation[] {
  const violations: Violation[] = []
  const edges = new Map<string, { to: string; line: number }[]>()
  const nodeImports = new Map<string, Import>()

  for (const [path, text] of files) {
    const report = (rule: Rule, message: string, line = 1): void => void violations.push({ rule, path, line, message })
    const place = placeOf(path)
    checkName(path, report)
    if (!SOURCE.test(path)) continue
    if (!place) {
      report('placeless', 'has no floor: give its folder one in tests/architecture/floors.ts')
      continue
    }
    const free = place.outside !== undefined || TEST.test(path)
    const source = readSource(path, text)
    if (!free) checkShape(place, path, source, report)

    for (const found of source.imports) {
      const complain = (rule: Rule, message: string): void => report(rule, message, found.line)
      const { target } = found
      if (target === null) {
        if (!free && !place.node) complain('computed', 'imports something computed: nobody can tell what it reaches')
        continue
      }
      const local = resolveLocal(path, target, files, manifest)
      if (local === undefined) {
        if (isBuiltin(target)) nodeImports.set(path, found)
        if (!free) checkPackage(place, target, manifest, complain)
      } else if (local === null) {
        if (!free || target.startsWith('.')) complain('missing', `imports ${target}, which does not exist`)
      } else if (local !== path) {
        if (!free) {
          edges.set(path, [...(edges.get(path) ?? []), { to: local, line: found.line }])
          checkFloor(place, local, complain)
        } else if (place.outside === 'sees doors' && target.startsWith('.') && placeOf(local) !== place) {
          complain('door', `imports ${local} past the doors: import '${manifest.name}…'`)
        }
      }
    }
  }

  violations.push(...findCycles(edges), ...findNodeInBrowser(edges, nodeImports))
  return violations.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
}

type Report = (rule: Rule, message: string, line?: number) => void

function checkName(path: string, report: Report): void {
  for (const part of path.split('/')) {
    const [stem = ''] = part.split('.')
    if (FORBIDDEN_NAMES.includes(stem)) report('name', `"${stem}" says nothing about what is inside`)
  }
}

function checkShape(place: Place, path: string, source: Source, report: Report): void {
  if (place.door) {
    if (source.exportsAll) report('door', 'uses export *: a door lists what it lets out, name by name')
    if (source.hasOwn) report('door', 'has code of its own: a door only lists names')
  } else if (source.exportsForeign) {
    report('barrel', 'hands on names of another module: import them from where they are declared')
  } else if (posix.basename(path).startsWith('index.')) {
    report('barrel', 'is called index: name the file after its subject')
  }
}

function checkFloor(from: Place, local: string, complain: Report): void {
  const to = placeOf(local)
  if (!to || to === from) {
    if (TEST.test(local)) complain('upward', `imports the test ${local}`)
  } else if (from.also?.some(({ path }) => contains(path, local))) {
    return
  } else if (to.floor > from.floor || to.outside || TEST.test(local)) {
    complain('upward', `is on floor ${from.floor} and imports ${local} on floor ${to.floor}`)
  } else if (to.floor === from.floor) {
    complain('sideways', `imports ${local}, which is on the same floor ${from.floor}`)
  } else if (from.knows && !from.knows.some((known) => contains(known, local))) {
    complain('stranger', `imports ${local}; it may only know ${from.knows.join(', ')}`)
  }
}

function checkPackage(place: Place, target: string, manifest: Manifest, complain: Report): void {
  if (isBuiltin(target)) {
    if (!place.node) complain('node', `imports ${target}, which only Node has`)
    return
  }
  const name = target.startsWith('@') ? target.split('/', 2).join('/') : (target.split('/')[0] ?? target)
  if (place.bundles?.includes(name)) return
  if (manifest.dependencies?.[name] === undefined && manifest.peerDependencies?.[name] === undefined) {
    complain('dependency', `imports ${name}, which is not among the dependencies of package.json`)
  }
  const allowed = PACKAGES[name]
  if (allowed && !allowed.some((path) => place.paths.some((own) => contains(path, own) || own === path))) {
    complain(name.startsWith('react') ? 'react' : 'package', `imports ${name}; only ${allowed.join(', ')} may`)
  }
}

/** One violation for every knot of files that reach each other, at the file whose name comes first. */
function findCycles(edges: ReadonlyMap<string, readonly { to: string; line: number }[]>): Violation[] {
  const violations: Violation[] = []
  const done = new Set<string>()
  const stack: string[] = []
  const visit = (path: string): void => {
    const at = stack.indexOf(path)
    if (at >= 0) {
      const circle = stack.slice(at)
      const line = edges.get(path)?.find(({ to }) => to === (circle[1] ?? path))?.line ?? 1
      violations.push({ rule: 'cycle', path, line, message: `is in a circle: ${[...circle, path].join(' → ')}` })
      return
    }
    if (done.has(path)) return
    stack.push(path)
    for (const { to } of edges.get(path) ?? []) visit(to)
    stack.pop()
    done.add(path)
  }
  for (const path of [...edges.keys()].sort()) visit(path)
  return violations
}

/** Files with a module of Node that a door for browsers reaches. */
function findNodeInBrowser(
  edges: ReadonlyMap<string, readonly { to: string }[]>,
  nodeImports: ReadonlyMap<string, Import>,
): Violation[] {
  const via = new Map<string, string>(BROWSER_DOORS.map((door) => [door, door]))
  for (const [path, trail] of via) {
    for (const { to } of edges.get(path) ?? []) if (!via.has(to)) via.set(to, `${trail} → ${to}`)
  }
  return [...via].flatMap(([path, trail]) => {
    const found = nodeImports.get(path)
    return found ? [{ rule: 'node', path, line: found.line, message: `reaches a browser: ${trail}` } as const] : []
  })
}

/** The most closely fitting place of the table. */
export function placeOf(path: string): Place | undefined {
  let best: Place | undefined
  let length = -1
  for (const place of PLACES) {
    for (const candidate of place.paths) {
      if (contains(candidate, path) && candidate.length > length) {
        best = place
        length = candidate.length
      }
    }
  }
  // What lies at the root of the repository (configurations of tools) is not part of the package.
  return best ?? (path.includes('/') ? undefined : { paths: [path], floor: 13, outside: 'sees everything' })
}

const contains = (place: string, path: string): boolean => path === place || path.startsWith(`${place}/`)

const isBuiltin = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target)

/** The file that `target` means; null if it should be one of ours and does not exist; undefined if it is a package. */
function resolveLocal(
  from: string,
  target: string,
  files: ReadonlyMap<string, string>,
  manifest: Manifest,
): string | null | undefined {
  const pathname = target.replace(/[?#].*$/, '')
  if (pathname.startsWith('.')) return findSource(posix.join(posix.dirname(from), pathname), files)
  if (pathname !== manifest.name && !pathname.startsWith(`${manifest.name}/`)) return undefined
  const entry = manifest.exports?.[`.${pathname.slice(manifest.name.length)}`]
  const built = typeof entry === 'object' ? entry.default : entry
  return built === undefined ? null : findSource(posix.join(built).replace(/^dist\//, ''), files)
}

function findSource(path: string, files: ReadonlyMap<string, string>): string | null {
  const stem = path.replace(/\.(js|jsx|mjs)$/, '')
  const candidates = [path, ...(stem === path ? [] : [`${stem}.ts`, `${stem}.tsx`, `${stem}.mts`])]
  return candidates.find((candidate) => files.has(candidate)) ?? null
}
