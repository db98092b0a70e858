/** The labels that a new project begins with. Their ids are fixed, so that whoever makes them first, they are the same. */
export const LABELS: readonly { readonly id: string; readonly name: string; readonly hue: number }[] = [
  { id: 'label-bug', name: 'bug', hue: 25 },
  { id: 'label-feature', name: 'feature', hue: 255 },
  { id: 'label-refactor', name: 'refactor', hue: 300 },
  { id: 'label-performance', name: 'performance', hue: 75 },
  { id: 'label-sync', name: 'sync', hue: 200 },
  { id: 'label-storage', name: 'storage', hue: 165 },
  { id: 'label-interface', name: 'interface', hue: 340 },
  { id: 'label-security', name: 'security', hue: 10 },
  { id: 'label-docs', name: 'docs', hue: 125 },
]

/** The id of a label that somebody calls `name`. */
export function labelIdOf(name: string): string {
  const slug = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `label-${slug.slice(0, 60) || 'other'}`
}
