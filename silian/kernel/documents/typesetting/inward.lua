-- What pandoc reads of a Word file, made plain enough for Markdown without losing a word.
local picture = "[…]"

local function remember(meta)
  picture = pandoc.utils.stringify(meta.picture)
end

local function flat(blocks)
  local inlines = pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() })
  return inlines:walk({
    LineBreak = function() return pandoc.Space() end,
    SoftBreak = function() return pandoc.Space() end,
  })
end

-- A Markdown table has one line a row and no cell that reaches over others.
local function plain_row(row)
  local cells = pandoc.List()
  for _, cell in ipairs(row.cells) do
    local span = cell.col_span
    cells:insert(pandoc.Cell({ pandoc.Plain(flat(cell.contents)) }, cell.alignment))
    for _ = 2, span do cells:insert(pandoc.Cell({ pandoc.Plain({}) })) end
  end
  row.cells = cells
end

local function plain_table(el)
  for _, row in ipairs(el.head.rows) do plain_row(row) end
  for _, body in ipairs(el.bodies) do
    for _, row in ipairs(body.head) do plain_row(row) end
    for _, row in ipairs(body.body) do plain_row(row) end
  end
  for _, row in ipairs(el.foot.rows) do plain_row(row) end
  return el
end

local function left_out(el)
  local alt = pandoc.utils.stringify(el.caption)
  return pandoc.Str(picture .. (alt ~= "" and "(" .. alt .. ")" or ""))
end

return {
  { Meta = remember },
  {
    Image = left_out,
    Figure = function(el) return el.content end,
    Span = function(el) return el.content end,
    Div = function(el) return el.content end,
    Underline = function(el) return el.content end,
    Superscript = function(el) return el.content end,
    Subscript = function(el) return el.content end,
    SmallCaps = function(el) return el.content end,
    Note = function(el)
      local said = flat(el.content)
      said:insert(1, pandoc.Str("（"))
      said:insert(pandoc.Str("）"))
      return said
    end,
    Math = function(el) return pandoc.Str(el.text) end,
    RawInline = function(el) return pandoc.Str(el.text) end,
    RawBlock = function(el) return pandoc.Para({ pandoc.Str(el.text) }) end,
    Table = plain_table,
  },
}
