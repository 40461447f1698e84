using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DevOps.Registry;

/// <summary>A piece of a YAML document that knows its place.</summary>
internal sealed class YamlNode
{
    private const int MaxLength = 1 << 20;
    private const int MaxDepth = 16;

    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)>? _members;
    private readonly List<YamlNode>? _items;
    private readonly string? _text;
    private readonly Mark _place;

    private YamlNode(Mark place, string? text = null, List<YamlNode>? items = null, Dictionary<string, (YamlNode Key, YamlNode Value)>? members = null) =>
        (_place, _text, _items, _members) = (place, text, items, members);

    internal string Text => _text ?? throw Wrong("expected a single value here.");

    internal IReadOnlyList<YamlNode> Items => _items ?? throw Wrong("expected a list here, each entry after a '-'.");

    internal static YamlNode Parse(string yaml)
    {
        if (yaml.Length > MaxLength)
        {
            throw new MirrorDefinitionException($"the text is longer than {MaxLength} characters.", 1, 1);
        }

        Parser parser = new(new StringReader(yaml.StartsWith('\uFEFF') ? yaml[1..] : yaml));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.Accept<DocumentStart>(out _))
            {
                throw new MirrorDefinitionException("the text is empty. It needs a 'mirrors:' list.", 1, 1);
            }

            parser.Consume<DocumentStart>();
            YamlNode root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<DocumentStart>(out DocumentStart? second) ? throw Wrong(second.Start, "a second document begins here. Write one.") : root;
        }
        catch (YamlException e)
        {
            throw new MirrorDefinitionException(e.Message, Math.Max(1, e.Start.Line), Math.Max(1, e.Start.Column), e);
        }
        catch (InvalidOperationException e)
        {
            // The parser's own, at some characters that no plain text may begin with.
            Mark place = parser.Current?.End ?? Mark.Empty;
            throw new MirrorDefinitionException("what follows is not YAML.", Math.Max(1, place.Line), Math.Max(1, place.Column), e);
        }
    }

    /// <summary>Returns the members of a mapping, of which no other may be there.</summary>
    internal IReadOnlyDictionary<string, YamlNode> Members(params ReadOnlySpan<string> known)
    {
        if (_members is null)
        {
            throw Wrong($"expected keys and values here: {string.Join(", ", known)}.");
        }

        foreach ((string key, (YamlNode place, _)) in _members)
        {
            if (!known.Contains(key))
            {
                throw place.Wrong($"'{key}' is not a known key here. Known are {string.Join(", ", known)}.");
            }
        }

        return _members.ToDictionary(member => member.Key, member => member.Value.Value, StringComparer.Ordinal);
    }

    internal MirrorDefinitionException Wrong(string problem, Exception? cause = null) => new(problem, _place.Line, _place.Column, cause);

    internal T Convert<T>(Func<string, T> convert)
    {
        string text = Text;
        try
        {
            return convert(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw Wrong(e.Message, e);
        }
    }

    private static MirrorDefinitionException Wrong(Mark place, string problem) => new(problem, place.Line, place.Column);

    private static YamlNode Read(Parser parser, int depth)
    {
        ParsingEvent next = parser.Consume<ParsingEvent>();
        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Wrong(next.Start, "anchors and aliases are not used here. Write the value out.");
        }

        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw Wrong(next.Start, "tags of YAML are not used here. Write the value alone.");
        }

        if (depth > MaxDepth)
        {
            throw Wrong(next.Start, $"it nests more than {MaxDepth} levels deep.");
        }

        switch (next)
        {
            case Scalar scalar:
                return new(scalar.Start, scalar.Value);
            case SequenceStart:
                List<YamlNode> items = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Read(parser, depth + 1));
                }

                return new(next.Start, items: items);
            default:
                Dictionary<string, (YamlNode Key, YamlNode Value)> members = new(StringComparer.Ordinal);
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    YamlNode key = Read(parser, depth + 1);
                    if (!members.TryAdd(key.Text, (key, Read(parser, depth + 1))))
                    {
                        throw key.Wrong($"'{key.Text}' is here for the second time.");
                    }
                }

                return new(next.Start, members: members);
        }
    }
}
