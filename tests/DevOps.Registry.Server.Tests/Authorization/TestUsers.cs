using System.Text;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Authorization;

/// <summary>Users of published bcrypt vectors: see <see cref="BcryptTests"/>.</summary>
internal static class TestUsers
{
    internal const string Alice = "alice";
    internal const string AlicePassword = "U*U";
    internal const string Bob = "bob";
    internal const string BobPassword = "U*U*";

    internal const string File = """
        # the team
        alice:$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW

        bob:$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK
        """;

    internal static string Write(TemporaryDirectory directory) => directory.Write("users", File);

    internal static (string, string) Basic(string userName, string password) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
}
