using System.Data.Common;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Authorization;
using Practice.Messages;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Bad;

/// <summary>Rule 2: every way to another module that needs no reference to it.</summary>
internal sealed class Detours(PracticeDatabase database, IServiceProvider services, CallContext call) : IStartupFilter
{
    public Type? ByName(string name) => Type.GetType(name) ?? Assembly.Load(name).GetType(name);

    public object? ByReflection(Type type) => type.GetMethod("Find")!.Invoke(Activator.CreateInstance(type), null);

    public Assembly FromFile(string file) => AssemblyLoadContext.Default.LoadFromAssemblyPath(file);

    public object Dynamically(object other) => ((dynamic)other).Members();

    public Task<string> OverHttp(HttpClient http) => http.GetStringAsync("http://localhost:5000/api/groups");

    public async Task<object?> WithAConnection(BadDbContext db)
    {
        await using var own = new NpgsqlConnection(database.OwnerConnectionString);
        DbConnection theirs = db.Database.GetDbConnection();
        return (own, theirs);
    }

    public Task<int> WithText(BadDbContext db, string schema) =>
        db.Database.ExecuteSqlRawAsync($"delete from {schema}.memberships");

    public IEnumerable<object> AllModules() => ModuleCatalogue.Find();

    public void OnBehalfOfAnother(Guid group) => call.ActFor(null, group, null, null);

    public Task<string> PastTheModuleBus(IMessageBus bus) => bus.InvokeAsync<string>(new BadOwn());

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => next;

    public object FromTheProvider() => services.GetRequiredService<DbContext>();

    public Stream RawBody(HttpContext http) => http.Request.Body;
}

internal sealed record BadOwn;

/// <summary>A command that is stored for later: its answer reaches no one.</summary>
internal sealed class BadPostponed
{
    public ValueTask Send(IMessageBus bus) => bus.PublishAsync(new BadLater());
}

internal sealed record BadLater : ICommand<string>;
