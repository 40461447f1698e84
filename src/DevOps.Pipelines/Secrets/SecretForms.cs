using System.Text;

namespace DevOps.Pipelines;

/// <summary>All the ways in which a secret may stand in an output.</summary>
internal static class SecretForms
{
    /// <summary>Returns the forms of a secret, each once; none is shorter than <see cref="SecretMasker.MinSecretBytes"/>.</summary>
    internal static HashSet<string> Of(string secret)
    {
        HashSet<string> forms = new(StringComparer.Ordinal);
        foreach (string text in Texts(secret))
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            forms.Add(text);
            forms.UnionWith(Base64Forms.Of(utf8));
            forms.UnionWith(UrlForms.Of(utf8));
            forms.UnionWith(JsonForms.Of(text));
            forms.UnionWith(ShellForms.Of(text));
            forms.UnionWith(MarkupForms.Of(text));
            forms.Add(Convert.ToHexString(utf8));
            forms.Add(Convert.ToHexStringLower(utf8));
        }

        forms.RemoveWhere(form => Encoding.UTF8.GetByteCount(form) < SecretMasker.MinSecretBytes);
        return forms;
    }

    /// <summary>Returns the texts that are as good as the secret: without the white space around it, with either line end, and the lines of it that are long enough to tell.</summary>
    private static HashSet<string> Texts(string secret)
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (string text in (string[])[secret, secret.Trim()])
        {
            string lines = text.ReplaceLineEndings("\n");
            texts.UnionWith([text, lines, lines.Replace("\n", "\r\n", StringComparison.Ordinal)]);
        }

        texts.UnionWith(secret.Split(['\r', '\n'], StringSplitOptions.TrimEntries).Where(line => Encoding.UTF8.GetByteCount(line) >= SecretMasker.MinLineBytes));
        return texts;
    }
}
