import * as Popover from '@radix-ui/react-popover'
import { type ReactNode, useState } from 'react'
import type { PickField } from '../shell/overlay.js'
import { FIELD_LABELS } from './issue-picker.js'
import { OptionList } from './option-list.js'
import { useOptions } from './options.js'

interface FieldButtonProps {
  readonly field: PickField
  readonly values: readonly string[]
  readonly onPick: (value: string) => void
  readonly onCreate?: (name: string) => void
  readonly children: ReactNode
  readonly className?: string
  readonly isDisabled?: boolean
}

/** A button that shows a field's value, and lets one pick another beside it. */
export function FieldButton(props: FieldButtonProps): ReactNode {
  const { field, children, className = 'chip', isDisabled = false } = props
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={className} aria-label={FIELD_LABELS[field]} disabled={isDisabled} data-field={field}>
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="picker"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          onEscapeKeyDown={(event) => event.stopPropagation()}
        >
          <Choices {...props} close={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Choices({ field, values, onPick, onCreate, close }: FieldButtonProps & { close: () => void }): ReactNode {
  const options = useOptions(field)
  const isMany = field === 'tags'
  return (
    <OptionList
      label={FIELD_LABELS[field]}
      options={options}
      standing={(value) => (values.includes(value) ? 'all' : 'none')}
      onPick={(value) => {
        onPick(value)
        if (!isMany) close()
      }}
      onCreate={onCreate}
      isMany={isMany}
    />
  )
}
