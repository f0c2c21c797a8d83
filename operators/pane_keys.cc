#include "operators/pane_keys.h"

namespace onrush {

// Of a busy stream only the first panes are not direct: what they had is not needed again.
void PaneKeys::Start(bool direct) {
  direct_ = direct;
  if (!direct) return;
  slots_ = SlotMap();
  ids_ = PageArray<Id>();
}

uint32_t PaneKeys::Add(Id id, size_t id_limit) {
  const auto slot = static_cast<uint32_t>(ids_.size());
  slots_.Insert(id, slot, id_limit);
  ids_.GrowTo(ids_.size() + 1);
  ids_[slot] = id;
  ++size_;
  return slot;
}

void PaneKeys::Clear() {
  direct_ = false;
  size_ = 0;
  slots_.Clear();
  ids_.Resize(0);
  words_.Resize(0);
}

}  // namespace onrush
