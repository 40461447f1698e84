using System.Text;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>Texts to look for secrets in, and secrets; made up from a seed, so the same everywhere.</summary>
internal static class LogCorpus
{
    private static readonly string[] Projects = ["Shop.Api", "Shop.Web", "Shop.Contracts", "Billing.Worker", "Identity.Server", "Tools.Migrations"];

    /// <summary>Returns secrets of 16 to 64 printable characters without spaces.</summary>
    internal static string[] Secrets(int count)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, count).Select(_ => Printable(random, random.Next(16, 65)))];
    }

    /// <summary>Returns lines as builds write them: of dotnet, docker and git, with hex digests and runs of base64.</summary>
    internal static byte[] BuildLog(int bytes)
    {
        Random random = new(2);
        StringBuilder log = new();
        while (log.Length < bytes)
        {
            string project = Projects[random.Next(Projects.Length)];
            log.Append(random.Next(12) switch
            {
                0 => $"  {project} -> /home/runner/work/shop/src/{project}/bin/Release/net10.0/{project}.dll\n",
                1 => $"/home/runner/work/shop/src/{project}/Orders/OrderService.cs({random.Next(400)},{random.Next(90)}): warning CA1822: Member 'Total' does not access instance data and can be marked as static\n",
                2 => $"  Passed {project}.Tests.OrderServiceTests.Total_EmptyOrder_IsZero{random.Next(1000)} [{random.Next(90)} ms]\n",
                3 => $"sha256:{Hex(random, 32)}: Pulling fs layer\n",
                4 => $"{Hex(random, 20)} refs/heads/feature/order-totals-{random.Next(1000)}\n",
                5 => $"    \"contentHash\": \"{Base64(random, 64)}\",\n",
                6 => $"Restored /home/runner/work/shop/src/{project}/{project}.csproj (in {random.Next(900)} ms).\n",
                7 => $"2026-03-{random.Next(1, 29):00}T12:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1000):000}Z info: Microsoft.Hosting.Lifetime[14] Now listening on: http://localhost:{random.Next(65536)}\n",
                8 => $"#{random.Next(40)} [build {random.Next(9)}/9] RUN dotnet publish src/{project} -c Release -o /app --no-restore\n",
                9 => $"{Base64(random, 57)}\n",
                10 => $"-----------------------------------------------------------------------------\n",
                _ => $"\u001b[32m✓\u001b[0m {project} started, {random.Next(100)} % of 1,024 items done, {random.Next(1000)}.{random.Next(10)} MB/s\n",
            });
        }

        return Encoding.UTF8.GetBytes(log.ToString());
    }

    /// <summary>Returns text that is made to be slow: nothing but beginnings of secrets, as long as they can be without being one.</summary>
    internal static byte[] Beginnings(string[] secrets, int bytes)
    {
        Random random = new(3);
        StringBuilder text = new();
        while (text.Length < bytes)
        {
            text.Append(secrets[random.Next(secrets.Length)].AsSpan()[..^1]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Returns a log with a secret in every so many bytes.</summary>
    internal static byte[] WithSecrets(byte[] log, string[] secrets, int distance)
    {
        byte[] text = [.. log];
        for (int i = 0; i + distance < text.Length; i += distance)
        {
            Encoding.UTF8.GetBytes(secrets[i / distance % secrets.Length]).CopyTo(text, i);
        }

        return text;
    }

    private static string Printable(Random random, int length) => string.Create(length, random, (span, source) =>
    {
        foreach (ref char c in span)
        {
            c = (char)source.Next('!', '~' + 1);
        }
    });

    private static string Hex(Random random, int bytes) => Convert.ToHexStringLower(Bytes(random, bytes));

    private static string Base64(Random random, int bytes) => Convert.ToBase64String(Bytes(random, bytes));

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
