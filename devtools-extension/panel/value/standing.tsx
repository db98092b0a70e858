/** How an action or a commit stands: a sign and a word, never the colour alone. */
import { type FunctionComponent, memo, type ReactNode } from 'react'
import type { Standing } from '../../../src/index.js'
import { Icon, type IconName } from '../look/icons.js'

const STANDINGS: Readonly<Record<Standing, { icon: IconName; kind: string; word: string; meaning: string }>> = {
  pending: { icon: 'clock', kind: 'wait', word: 'pending', meaning: 'In no commit yet' },
  provisional: { icon: 'clock', kind: 'wait', word: 'provisional', meaning: 'The authority has not spoken yet' },
  accepted: { icon: 'check', kind: 'good', word: 'accepted', meaning: 'Accepted by the authority' },
  void: { icon: 'refused', kind: 'bad', word: 'refused', meaning: 'Refused: without effect' },
}

export const StandingSign: FunctionComponent<{ standing: Standing }> = memo(function StandingSign({ standing }) {
  const { icon, kind, word, meaning } = STANDINGS[standing]
  return (
    <span className={`sign ${kind}`} title={meaning}>
      <Icon name={icon} />
      <span className="unseen">{word}</span>
    </span>
  )
})

export function StandingBadge({ standing }: { standing: Standing }): ReactNode {
  const { icon, kind, word, meaning } = STANDINGS[standing]
  return (
    <span className={`badge is-${kind}`} title={meaning}>
      <Icon name={icon} />
      {word}
    </span>
  )
}
