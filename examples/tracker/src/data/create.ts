/** Making issues and labels. */
import type { CreateInput, Store } from 'ibex-state'
import { me } from '../shell/session.js'
import { Issue, Label } from './issue.js'
import { labelIdOf } from './labels.js'

export type IssueDraft = Omit<CreateInput<typeof Issue>, 'author' | 'opened'>

/** Makes an issue by the person at this window. */
export function createIssue(store: Store, draft: IssueDraft): Issue {
  return store.transact(() => store.collection(Issue).create({ ...draft, author: me, opened: new Date() }), {
    label: 'New issue',
  })
}

/** The id of the label called `name`, which is made unless it is there. */
export function createLabel(store: Store, name: string): string {
  const labels = store.collection(Label)
  const id = labelIdOf(name)
  const standing = labels.statusOf(id)
  if (standing === 'deleted') labels.restore(id)
  else if (standing === 'missing') {
    const hue = (labels.query().count * 137) % 360
    labels.create({ name, hue }, { id })
  }
  return id
}
