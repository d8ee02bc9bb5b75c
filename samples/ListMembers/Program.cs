using Practice.Samples;

// dotnet run --project samples/ListMembers -- http://localhost:5000/ olivia@riverside.example PASSWORD
return await MemberList.WriteAsync(args, Console.Out);
