-- What people wrote, as text alone: what looks like code is shown and never obeyed, pictures are
-- their words, and a link leads to the web or to a mail box.
local function shown(el)
  return pandoc.Str(el.text)
end

local function safe(target)
  return target:match("^https?://") or target:match("^mailto:") or target:match("^tel:")
end

-- A wide table fills the page; each column gets its share by the longest of its cells.
local NARROW, LEAST, MOST = 36, 5, 40 -- letters

local function shared_out(el)
  local longest, total = {}, 0
  local function look(rows)
    for _, row in ipairs(rows) do
      for i, cell in ipairs(row.cells) do
        local letters = pandoc.text.len(pandoc.utils.stringify(cell.contents))
        longest[i] = math.max(longest[i] or LEAST, math.min(letters, MOST))
      end
    end
  end
  look(el.head.rows)
  for _, body in ipairs(el.bodies) do look(body.body) end
  for _, letters in ipairs(longest) do total = total + letters end
  if total <= NARROW then return nil end
  for i, spec in ipairs(el.colspecs) do
    el.colspecs[i] = { spec[1], (longest[i] or LEAST) / total }
  end
  return el
end

return {
  {
    Table = shared_out,
    RawInline = shown,
    RawBlock = function(el) return pandoc.CodeBlock(el.text) end,
    Image = function(el) return el.caption end,
    Link = function(el)
      if not safe(el.target) then return el.content end
      return pandoc.Link(el.content, el.target)
    end,
    Math = shown,
    CodeBlock = function(el) return pandoc.CodeBlock(el.text) end,
    Code = function(el) return pandoc.Code(el.text) end,
  },
}
