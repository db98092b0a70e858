import { useItem } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { Label } from '../data/issue.js'
import { LabelDot } from '../pick/options.js'

/** A label by its id; nothing while there is none. */
export function Tag({ id }: { id: string }): ReactNode {
  const [label] = useItem(Label, id)
  if (!label) return null
  return (
    <span className="tag">
      <LabelDot hue={label.hue} />
      <span className="clip">{label.name}</span>
    </span>
  )
}

/** Labels of an issue; of many only the first few. */
export function Tags({ ids, most = Infinity }: { ids: readonly string[]; most?: number }): ReactNode {
  const rest = ids.length - most
  return (
    <span className="tags">
      {(rest > 0 ? ids.slice(0, most) : ids).map((id) => (
        <Tag key={id} id={id} />
      ))}
      {rest > 0 && <span className="tag">+{rest}</span>}
    </span>
  )
}
