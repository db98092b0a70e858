/** Reads from a source file which modules it refers to, in every way that TypeScript has. */
import { parseSync, Visitor } from 'vite'

export interface Import {
  /** What the file asks for; null when it is computed, so that nobody can tell. */
  readonly target: string | null
  readonly kind: 'import' | 'type' | 'export' | 'dynamic' | 'url'
  readonly line: number
}

export interface Source {
  readonly imports: readonly Import[]
  /** Has `export * from`. */
  readonly exportsAll: boolean
  /** Hands on names of other modules, by `export … from` or by exporting what it has imported. */
  readonly exportsForeign: boolean
  /** Declares something, or does something: anything but imports and exports of foreign names. */
  readonly hasOwn: boolean
}

/** Throws when the file cannot be parsed. */
export function readSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)

  const imports: Import[] = []
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const add = (kind: Import['kind'], target: string | null, offset: number): void => {
    imports.push({ kind, target, line: lineOf(offset) })
  }

  const imported = new Set<string>()
  for (const found of module.staticImports) {
    const isType = found.entries.length > 0 && found.entries.every((entry) => entry.isType)
    add(isType ? 'type' : 'import', found.moduleRequest.value, found.start)
    for (const entry of found.entries) imported.add(entry.localName.value)
  }
  let exportsAll = false
  let exportsForeign = false
  for (const statement of module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.moduleRequest) {
        add('export', entry.moduleRequest.value, statement.start)
        exportsForeign = true
        exportsAll ||= entry.importName.kind === 'All' || entry.importName.kind === 'AllButDefault'
      } else if (entry.localName.name !== null && imported.has(entry.localName.name)) {
        exportsForeign = true
      }
    }
  }

  new Visitor({
    ImportExpression: ({ source, start }) => add('dynamic', literal(source), start),
    TSImportType: ({ source, start }) => add('type', literal(source), start),
    TSExternalModuleReference: ({ expression, start }) => add('import', literal(expression), start),
    NewExpression: ({ callee, arguments: [target, origin], start }) => {
      const isModuleUrl = callee.type === 'Identifier' && callee.name === 'URL' && isImportMetaUrl(origin)
      const file = literal(target)
      if (isModuleUrl && file !== null && /^\.{1,2}\/.*\.[mc]?[jt]sx?$/.test(file)) add('url', file, start)
    },
  }).visit(program)

  const hasOwn = program.body.some((statement) => {
    if (statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration') return false
    if (statement.type === 'ExportNamedDeclaration') return statement.declaration !== null
    return !('directive' in statement && statement.directive)
  })
  return { imports, exportsAll, exportsForeign, hasOwn }
}

interface Node {
  readonly type: string
}

/** The text of a string literal, or of a template without holes. */
function literal(node: Node | undefined): string | null {
  if (node?.type === 'Literal' && 'value' in node && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral' || !('quasis' in node)) return null
  const quasis = node.quasis as readonly { value: { cooked: string | null } }[]
  return quasis.length === 1 ? (quasis[0]?.value.cooked ?? null) : null
}

function isImportMetaUrl(node: Node | undefined): boolean {
  if (node?.type !== 'MemberExpression' || !('object' in node && 'property' in node)) return false
  const property = node.property as Node & { name?: string }
  return (node.object as Node).type === 'MetaProperty' && property.name === 'url'
}
