namespace Cli;

/// <summary>The words behind a command: values in order, and options with their values.</summary>
internal sealed class Arguments
{
    private readonly List<string> _values = [];
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);

    /// <summary>Takes the words apart.</summary>
    /// <param name="words">The words behind the command.</param>
    /// <param name="valued">Options that take a value; <c>=</c> may stand between.</param>
    /// <param name="flags">Options that take none.</param>
    /// <exception cref="UsageException">An option is not known, or lacks its value.</exception>
    internal static Arguments Parse(IReadOnlyList<string> words, string[] valued, string[] flags)
    {
        Arguments arguments = new();
        bool onlyValues = false;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (onlyValues || !word.StartsWith('-') || word == "-")
            {
                arguments._values.Add(word);
                continue;
            }

            if (word == "--")
            {
                onlyValues = true;
                continue;
            }

            int equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            string name = equals < 0 ? word : word[..equals];
            if (valued.Contains(name))
            {
                string value = equals >= 0 ? word[(equals + 1)..] : ++i < words.Count ? words[i] : throw new UsageException($"'{name}' needs a value.");
                arguments.Add(name, value);
            }
            else if (flags.Contains(name) && equals < 0)
            {
                arguments.Add(name, "");
            }
            else
            {
                throw new UsageException($"'{word}' is not an option of this command.");
            }
        }

        return arguments;
    }

    /// <summary>Gets how many values there are.</summary>
    internal int ValueCount => _values.Count;

    internal bool Has(string flag) => _options.ContainsKey(flag);

    internal IReadOnlyList<string> All(string option) => _options.GetValueOrDefault(option, []);

    internal string? Find(string option) => All(option) switch
    {
        [] => null,
        [""] => throw new UsageException($"'{option}' is empty."),
        [var value] => value,
        _ => throw new UsageException($"'{option}' can be given once."),
    };

    internal string Require(string option) => Find(option) ?? throw new UsageException($"'{option}' is missing.");

    /// <summary>Returns the values, of which there must be as many as names.</summary>
    internal string[] Values(params string[] names) =>
        _values.IndexOf("") is >= 0 and var empty ? throw new UsageException($"{names[Math.Min(empty, names.Length - 1)]} is empty.")
        : _values.Count < names.Length ? throw new UsageException($"{names[_values.Count]} is missing.")
        : _values.Count > names.Length ? throw new UsageException($"'{_values[names.Length]}' is one word too many.")
        : [.. _values];

    private void Add(string name, string value)
    {
        if (!_options.TryGetValue(name, out List<string>? values))
        {
            _options[name] = values = [];
        }

        values.Add(value);
    }
}
