using DevOps.Testing;

namespace DevOps.Docker.Tests;

/// <summary>Writes folders as <c>dotnet publish</c> does.</summary>
internal static class PublishedApp
{
    // Shaped as the .NET 10 SDK writes it, for a portable application with one managed and one native package.
    internal const string Deps = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0", "signature": "" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {
              "Shop/1.0.0": { "dependencies": { "Json/13.0.3": "13.0.3" }, "runtime": { "Shop.dll": {} } },
              "Shop.Core/1.0.0": { "runtime": { "Shop.Core.dll": {} } },
              "Json/13.0.3": {
                "runtime": { "lib/net6.0/Json.dll": { "assemblyVersion": "13.0.0.0", "fileVersion": "13.0.3.27908" } },
                "resources": { "lib/net6.0/de/Json.resources.dll": { "locale": "de" } }
              },
              "Native/2.0.0": {
                "native": { "runtimes/linux-x64/native/libown.so": {} },
                "runtimeTargets": { "runtimes/linux-x64/native/libnative.so": { "rid": "linux-x64", "assetType": "native" } },
                "compile": { "ref/net6.0/Compile.dll": {} }
              }
            }
          },
          "libraries": {
            "Shop/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "Shop.Core/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "Json/13.0.3": { "type": "package", "serviceable": true, "sha512": "sha512-x", "path": "json/13.0.3" },
            "Native/2.0.0": { "type": "package", "serviceable": true, "sha512": "sha512-y" }
          }
        }
        """;

    internal const string SelfContainedDeps = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64", "signature": "" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {},
            ".NETCoreApp,Version=v10.0/linux-x64": {
              "Shop/1.0.0": { "runtime": { "Shop.dll": {} } },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "runtime": { "System.Runtime.dll": {} }, "native": { "libcoreclr.so": {} } },
              "Json/13.0.3": { "runtime": { "lib/net6.0/Json.dll": {} } }
            }
          },
          "libraries": {
            "Shop/1.0.0": { "type": "project" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" },
            "Json/13.0.3": { "type": "package" }
          }
        }
        """;

    private const string Config = """{"runtimeOptions":{"tfm":"net10.0","framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}}}""";

    private const string SelfContainedConfig = """{"runtimeOptions":{"tfm":"net10.0","includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"}]}}""";

    internal static string Write(TemporaryDirectory directory)
    {
        directory.Write("out/Shop.runtimeconfig.json", Config);
        directory.Write("out/Shop.deps.json", Deps);
        foreach (string file in (string[])["Shop.dll", "Shop", "Shop.pdb", "Shop.Core.dll", "appsettings.json", "wwwroot/index.html", "Json.dll", "de/Json.resources.dll", "runtimes/linux-x64/native/libnative.so", "libown.so", "Compile.dll"])
        {
            directory.Write("out/" + file, file);
        }

        return directory.PathOf("out");
    }

    internal static string WriteSelfContained(TemporaryDirectory directory)
    {
        directory.Write("out/Shop.runtimeconfig.json", SelfContainedConfig);
        directory.Write("out/Shop.deps.json", SelfContainedDeps);
        foreach (string file in (string[])["Shop.dll", "Shop", "System.Runtime.dll", "libcoreclr.so", "Json.dll"])
        {
            directory.Write("out/" + file, file);
        }

        return directory.PathOf("out");
    }
}
