using System.Text;
using DevOps.Testing;

namespace DevOps.Oci.Tests;

/// <summary>Gives a parser damaged documents: it takes them or says <see cref="InvalidContentException"/>, and nothing else.</summary>
internal static class JsonDamage
{
    internal static void Check(string valid, Action<byte[]> parse, int count = 2000)
    {
        List<string> wrong = [];
        int refused = 0;
        foreach (byte[] bytes in Damage.Of(Encoding.UTF8.GetBytes(valid), seed: 20, count).Concat(Damage.Noise(seed: 21, count / 10)))
        {
            try
            {
                parse(bytes);
            }
            catch (InvalidContentException)
            {
                refused++;
            }
            catch (Exception e)
            {
                wrong.Add($"{e.GetType().Name}: {e.Message} <- {Encoding.Latin1.GetString(bytes)}");
            }
        }

        IEnumerable<string> kinds = wrong.GroupBy(text => text[..text.IndexOf(" <- ", StringComparison.Ordinal)]).Select(group => $"{group.Count()} times {group.First()}");
        Assert.True(wrong.Count == 0, string.Join('\n', kinds.Prepend("Other exceptions came out:")));
        Assert.InRange(refused, 1, int.MaxValue);
    }
}
