-- What people wrote, as text alone: what looks like code is shown and never obeyed, pictures are
-- their words, and a link leads to the web or to a mail box.
local function shown(el)
  return pandoc.Str(el.text)
end

local function safe(target)
  return target:match("^https?://") or target:match("^mailto:") or target:match("^tel:")
end

return {
  {
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
