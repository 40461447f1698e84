namespace Cli;

/// <summary>The words behind a command: values in order, and options with their values.</summary>
internal sealed class Arguments
{
    private readonly List<string> _values = [];
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);

    /// <summary>Takes the words behind a command apart. A value may follow its option as the next word or behind <c>=</c>; behind <c>--</c> there are values only.</summary>
    /// <exception cref="UsageException">An option is not known, or lacks its value.</exception>
    internal static Arguments Parse(IReadOnlyList<string> words, IReadOnlyList<Option> options)
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
            if (options.FirstOrDefault(option => option.IsCalled(name)) is not { } known)
            {
                throw Unknown(name, options);
            }

            if (known.Value is null)
            {
                arguments.Add(known.Name, equals < 0 ? "" : throw new UsageException($"'{name}' takes no value."));
            }
            else
            {
                arguments.Add(known.Name, equals >= 0 ? word[(equals + 1)..] : ++i < words.Count ? words[i] : throw new UsageException($"'{name}' needs a value: {known.Value}."));
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

    // What follows the name may be a secret that somebody meant for another program, so it is not repeated.
    private static UsageException Unknown(string name, IReadOnlyList<Option> options)
    {
        string shown = name.StartsWith("--", StringComparison.Ordinal) || name.Length <= 2 ? name : name[..2];
        return new(shown is "-p" or "--password" && options.Any(option => option.Name == "--password-stdin")
            ? $"'{shown}' is not an option: other users see the words of a command. Give the password on standard input with --password-stdin, or at the prompt."
            : $"'{shown}' is not an option of this command.{Similar.Hint(shown, options.Select(option => option.Name))}");
    }

    private void Add(string name, string value)
    {
        if (!_options.TryGetValue(name, out List<string>? values))
        {
            _options[name] = values = [];
        }

        values.Add(value);
    }
}
